/* arena.h -- memory that lives as long as one turn (or one load) and ends in one call. */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena;

/* arena_new(first): `first` bytes at once, more in further blocks. NULL when out of memory. */
struct arena *arena_new(size_t first);
void arena_free(struct arena *a); /* NULL is fine */

/* arena_reset(a): everything handed out is gone, the first block stays for reuse. */
void arena_reset(struct arena *a);

/* All below return memory aligned for any type, owned by the arena, NULL when out of memory. */
void *arena_alloc(struct arena *a, size_t n);  /* not cleared */
void *arena_calloc(struct arena *a, size_t n); /* cleared     */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
