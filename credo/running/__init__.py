"""Running it: processes, the database beneath them, backups, upgrades and the doctor."""
