/* migrate.h -- the schema, as the steps that lead to it. */
#ifndef MIGRATE_H
#define MIGRATE_H

struct database;
struct err;

/* migrate(d, e): from the version of the file to this program's, in one transaction. Before
 * that the file is only read: refused are a newer one (with both versions), one that is not
 * ours and one that is damaged. */
int migrate(struct database *d, struct err *e);

#endif
