-- release.db, version 2: an indicator knows its run of periods with cells, so
-- that the loader need not look for it in every cell.
ALTER TABLE indicator ADD COLUMN first_period INTEGER;
ALTER TABLE indicator ADD COLUMN last_period INTEGER;
UPDATE indicator SET first_period = (SELECT MIN(period) FROM cell c WHERE c.indicator = indicator.id),
                     last_period = (SELECT MAX(period) FROM cell c WHERE c.indicator = indicator.id);
