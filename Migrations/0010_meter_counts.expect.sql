SELECT 'meter_count is missing'
WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meter_count')
UNION ALL
SELECT 'the meter ' || key || ' is not counted'
FROM (SELECT DISTINCT key FROM catalog_object WHERE kind = 'meter') AS put
WHERE NOT EXISTS (SELECT 1 FROM meter_count WHERE meter = put.key AND state IN ('counting', 'live'));
