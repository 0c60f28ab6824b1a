#define _GNU_SOURCE
#include "SQLiteOptions.h"

#include <dlfcn.h>

int sqlite_options_set(sqlite3 *connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}

const char *sqlite_options_library(void) {
    Dl_info here, there;
    if (!dladdr((void *)sqlite_options_library, &here) || !dladdr((void *)sqlite3_libversion, &there)) return 0;
    return here.dli_fbase == there.dli_fbase ? 0 : there.dli_fname;
}
