// The module map names this header: the path of zlib.h differs from system to system.
#include <zlib.h>
