// Swift's own view of the GNU C library leaves this header out.
#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif
