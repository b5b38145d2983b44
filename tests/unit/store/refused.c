#include "refused.h"

struct buf read_file(const char *path)
{
    struct buf b = {0};
    char piece[4096];
    size_t n;
    FILE *in = fopen(path, "rb");
    if (in == NULL) return b;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0) buf_add(&b, piece, n);
    assert_int_equal(fclose(in), 0);
    return b;
}

void write_file(const char *path, const char *bytes, size_t n)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static void assert_same_file(const char *path, struct buf *before)
{
    struct buf after = read_file(path);
    assert_int_equal(after.len, before->len);
    if (after.len > 0) assert_memory_equal(after.data, before->data, after.len);
    buf_free(before);
    buf_free(&after);
}

void assert_refused(struct fixture *f, const char *why)
{
    struct buf before = read_file(f->path), log = read_file(f->wal);
    assert_int_equal(store_open(f->url, &f->s, &f->e), -1);
    assert_null(f->s);
    if (strstr(f->e.text, why) == NULL) fail_msg("'%s' not in: %s", why, f->e.text);
    assert_non_null(strstr(f->e.text, f->path));
    assert_same_file(f->path, &before);
    assert_same_file(f->wal, &log);
}
