#ifndef SQLITE_OPTIONS_H
#define SQLITE_OPTIONS_H

#include <sqlite3.h>

/// Sets one of the options SQLITE_DBCONFIG_... that are on or off; returns SQLite's result code.
///
/// `sqlite3_db_config` takes a variable number of arguments, which Swift cannot call.
int sqlite_options_set(sqlite3 *connection, int option, int value);

/// The file that SQLite's code was loaded from; NULL if it is the one that holds this function, or unknown.
const char *sqlite_options_library(void);

#endif
