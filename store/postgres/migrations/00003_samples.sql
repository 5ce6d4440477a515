-- +goose Up

-- Postgres keeps samples of what stands in a column, to plan by (pg_statistic). What
-- was deleted would stay among them until it takes new ones, which a large table sees
-- once in months. No plan of docket rests on them, so of what may be personal it takes none.
alter table session
	alter column name set statistics 0, alter column device set statistics 0, alter column ip set statistics 0,
	alter column words set statistics 0, alter column body set statistics 0;
alter table tag alter column tag set statistics 0;
alter table note
	alter column text set statistics 0, alter column evidence set statistics 0, alter column salt set statistics 0;
alter table case_file alter column path set statistics 0;
alter table batch alter column action set statistics 0;
alter table delivery alter column body set statistics 0;
alter table job alter column body set statistics 0;
alter table result alter column customer set statistics 0, alter column detail set statistics 0;
alter table ticket alter column sealed set statistics 0;
