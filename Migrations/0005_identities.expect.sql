SELECT wanted.name || ' is missing'
FROM (SELECT 'identity_run' AS name UNION SELECT 'identity_chunk' UNION SELECT 'identity_filter'
  UNION SELECT 'identity_secret') AS wanted
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS made WHERE made.type = 'table' AND made.name = wanted.name)
UNION ALL
SELECT 'the fingerprints have no secret'
WHERE (SELECT count(*) FROM identity_secret) <> 1;
