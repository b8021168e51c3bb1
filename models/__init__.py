"""The complaint domain and its store: tables, rules, services, queries, migrations."""
