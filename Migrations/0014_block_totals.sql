-- A block begins with what its hours come to together. Those of before do not: they are packed anew,
-- beside what is stored from now on.
DELETE FROM block_packed;
DELETE FROM bucket_block;
