-- +goose Up

-- Of 500 rows each, by rid: a number to sort or choose by (keys.go), 8 bytes a row, the
-- highest first. Rows that arrive are packed when they are 500. What the numbers are is above the 40th bit of at: 0 views, 1 due,
-- 2 newest, 3 worst, 4 the first bytes of the name.
create table sort_block (
	at      integer primary key,
	numbers blob    not null
);

insert into sort_block (at, numbers)
with recursive
	block (n) as (select 0 where (select max(rid) >= 499 from session) union all select n + 1 from block where n * 500 + 999 <= (select max(rid) from session)),
	slot (i) as (select 0 union all select i + 1 from slot where i < 499),
	packed (n, views, due, newest, worst, name) as materialized (
		select n,
			group_concat(printf('%016x', coalesce(views, 0)), '' order by i),
			group_concat(printf('%016x', coalesce(due, 0)), '' order by i),
			group_concat(printf('%016x', coalesce(newest, 0)), '' order by i),
			group_concat(printf('%016x', coalesce(worst, 0)), '' order by i),
			group_concat(substr(hex(substr(cast(coalesce(name, '') as blob), 1, 8)) || '0000000000000000', 1, 16), '' order by i)
		from block cross join slot left join session on rid = n * 500 + i group by n
	)
select 0 << 40 | n, unhex(views) from packed union all
select 1 << 40 | n, unhex(due) from packed union all
select 2 << 40 | n, unhex(newest) from packed union all
select 3 << 40 | n, unhex(worst) from packed union all
select 4 << 40 | n, unhex(name) from packed;

pragma user_version = 8;
