-- Run once by the database's own image, as its administrator: the roles of docs/operation.md, with the passwords of compose.yaml.
\getenv owner_password OA_OWNER_PASSWORD
\getenv server_password OA_SERVER_PASSWORD
create role oa_owner login password :'owner_password';
create role oa_server login password :'server_password';
create role oa_jobs nologin;
grant oa_jobs to oa_server with inherit false, set true;
create database offenes_amt owner oa_owner;
\connect offenes_amt
create extension btree_gist;
revoke all on database offenes_amt from public;
revoke create on schema public from public;
grant connect on database offenes_amt to oa_server;
