/* page.h -- the phone in the browser: its files, and the WebSocket that keeps it up to date.
 *
 * To the page: {"changes":{…}} (view.h) and {"re":N,"status":…,"body":…} for what it asked. From the
 * page: {"re":N,"do":VERB,"with":{…}} (act.h), and {"do":"open","customer":ID or null}: which chat is on
 * the screen; while pages are open only such a chat is read. */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

struct customer;
struct exchange;
struct page;
struct phone;
struct socket;

struct page *page_new(struct phone *p); /* NULL when out of memory */
void page_free(struct page *g);

void page_answer(struct page *g, struct exchange *x); /* a file, or 404 */

void page_open(struct page *g, struct socket *s);
void page_text(struct page *g, struct socket *s, const char *text, size_t n);
void page_ready(struct page *g, struct socket *s);
void page_gone(struct page *g, struct socket *s);

void page_look(struct page *g); /* something changed */

/* page_is_read(g, c): would this customer see a new message now? Yes when their chat is on a screen,
 * and when there is no screen at all: tests then need not read for them. */
bool page_is_read(const struct page *g, const struct customer *c);

#endif
