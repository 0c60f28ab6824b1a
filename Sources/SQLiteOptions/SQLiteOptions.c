#include "SQLiteOptions.h"

int sqlite_options_set(sqlite3 *connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}
