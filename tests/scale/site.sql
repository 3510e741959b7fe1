-- The customers and people of the tests, in whole databases. Every password is `secret`.
begin;
set local search_path = queue_statistics;
insert into customers (id, parent, name, deleted) values
  (1, null, 'House', false), (2, 1, 'Alpha', false), (3, 1, 'Beta', false), (4, 3, 'Branch', false),
  (5, 1, 'Gone', true);
insert into people (id, customer, role, username, password)
select p.id, p.customer, r.id, p.name,
       '$6$rounds=1000$amy$urCHHJHNqobg1v5bM/AwdXruEN1tpGHyMSuigd9GEB3aeQ8/Ngok9VVZ6Edk9zFa2gVEMMCG/aSOQ5QymLICu.'
  from (values (1, 1, 'System owner', 'olga'), (2, 2, 'User', 'amy'), (3, 3, 'Reseller', 'rita'),
               (4, 1, 'Reseller', 'helen'))
       p (id, customer, role, name)
  join roles r on r.name = p.role;
insert into queues (id, customer, name, deleted) values
  (1, 2, 'Sales', false), (2, 2, 'Support', false), (3, 2, 'Empty', false), (4, 2, 'Old', true), (5, 5, 'Gone', false),
  (6, 1, 'House', false);
commit;
