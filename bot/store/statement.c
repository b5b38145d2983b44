#include "statement.h"

/* A row without a next try is finished. The schema's partial indexes are used only where a
 * statement repeats their condition word for word. */
#define UNFINISHED "next_try_ms IS NOT NULL"

/* Written by the human, did not arrive or is kept, and she does not know: the condition of an index. */
#define UNTOLD "human = 1 AND (state = 'dead' OR next_try_ms = 9223372036854775807)"

/* Two contacts that turned out to be one have two topics: she is written to in the newer. */
#define NEWEST_TOPIC " ORDER BY CAST(thread AS INTEGER) DESC LIMIT 1"

/* Nothing of the same contact and account that is older may still have to leave: what waits for an
 * account that is ours no more, or is kept there, holds up no other. */
#define FIRST_OF_ITS_CONTACT                                                                                 \
    "NOT EXISTS (SELECT 1 FROM outbox e WHERE e.contact = outbox.contact AND e.id < outbox.id"               \
    " AND e." UNFINISHED " AND e.account = outbox.account)"

/* A list of people on its way to the desk: a row about nobody in particular, of several lines ("\\n" in JSON). */
#define LISTS_OF_PEOPLE                                                                                      \
    "contact IN (SELECT contact FROM alias WHERE channel = 'desk') AND about IS NULL AND " UNFINISHED        \
    " AND instr(content, '\\n') > 0"

#define ITS_CHAT " FROM chat WHERE contact = ?1 AND account = ?2"

/* Who has a chat, as a number: the more, the less the bot may say in it. */
#define HOLDER_RANK "holder WHEN 'human' THEN 2 WHEN 'bot' THEN 0 ELSE 1 END"

/* contact.heard_ms may lag behind chat.wrote_ms by a day (SQL_CONTACT_HEARD), hence the second look. */
#define UNHEARD_CONTACTS                                                                                     \
    "SELECT id FROM contact WHERE heard_ms < ?1 AND NOT EXISTS (SELECT 1 FROM chat"                          \
    " WHERE chat.contact = contact.id AND chat.wrote_ms >= ?1) ORDER BY heard_ms LIMIT ?2"

const struct statement_text statement_text[STATEMENT_N] = {
    [SQL_BEGIN] = {"BEGIN IMMEDIATE", "starting a transaction"},
    [SQL_COMMIT] = {"COMMIT", "committing"},
    [SQL_ROLLBACK] = {"ROLLBACK", "rolling back"},
    [SQL_MARK] = {"SAVEPOINT mark", "setting a mark"},
    [SQL_KEEP] = {"RELEASE mark", "keeping what followed a mark"},
    [SQL_UNDO] = {"ROLLBACK TO mark", "undoing to a mark"},

    [SQL_META_GET] = {"SELECT value FROM meta WHERE name = ?1", "reading about itself"},
    [SQL_META_SET] = {"INSERT INTO meta (name, value) VALUES (?1, ?2)"
                      " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                      "storing about itself"},
    [SQL_META_DROP] = {"DELETE FROM meta WHERE name = ?1", "storing about itself"},
    [SQL_META_COUNT] = {"INSERT INTO meta (name, value) VALUES (?1, '1') ON CONFLICT (name)"
                        " DO UPDATE SET value = CAST(meta.value AS INTEGER) + 1",
                        "counting an erasure"},

    /* ---- contacts ---- */

    /* In the order of enum hit (contact.c). */
    [SQL_ALIAS_HITS] =
        {"SELECT (SELECT contact FROM alias WHERE channel = ?1 AND kind = 'user_id' AND value = ?2),"
         " (SELECT contact FROM alias WHERE channel = ?1 AND kind = 'phone' AND value = ?3),"
         " (SELECT contact FROM alias WHERE channel = ?1 AND kind = 'user_id' AND value = ?4),"
         " (SELECT contact FROM alias WHERE channel = ?1 AND kind = 'parent_id' AND value = ?5),"
         " (SELECT contact FROM alias WHERE channel = ?1 AND kind = 'phone' AND value = ?6),"
         " (SELECT contact FROM alias WHERE channel = ?1 AND kind = 'username' AND value = ?7)",
         "looking for a contact"},
    [SQL_ALIAS_FIND] = {"SELECT contact FROM alias WHERE channel = ?1 AND value = ?2"
                        " AND kind IN ('user_id', 'parent_id', 'phone') LIMIT 1",
                        "looking for a contact"},
    [SQL_ALIAS_OF] = {"SELECT kind, value FROM alias WHERE contact = ?1 AND channel = ?2"
                      " AND kind <> 'username' ORDER BY since_ms",
                      "reading whom a reply goes to"},
    [SQL_ALIAS_NAMED] = {"SELECT contact FROM alias WHERE channel = ?1 AND kind = 'username' AND value = ?2",
                         "looking for a contact"},
    [SQL_ALIAS_DROP_USERNAMES] = {"DELETE FROM alias WHERE contact = ?1 AND channel = ?2"
                                  " AND kind = 'username' AND value <> ?3",
                                  "dropping a former username"},
    [SQL_ALIAS_HAS_USER_ID] = {"SELECT 1 FROM alias WHERE contact = ?1 AND channel = ?2"
                               " AND kind = 'user_id' LIMIT 1",
                               "looking for a contact"},
    [SQL_ALIAS_PUT] =
        {"INSERT INTO alias (channel, kind, value, contact, since_ms) VALUES (?1, ?2, ?3, ?4, ?5)"
         " ON CONFLICT (channel, kind, value)"
         " DO UPDATE SET contact = excluded.contact, since_ms = excluded.since_ms",
         "storing an alias"},
    [SQL_ALIAS_DROP_PHONES] = {"DELETE FROM alias WHERE contact = ?1 AND channel = ?2 AND kind = 'phone'"
                               " AND value <> COALESCE(?3, '')",
                               "dropping a former number"},
    [SQL_ALIAS_MOVE] = {"UPDATE alias SET contact = ?1 WHERE contact = ?2", "merging two contacts"},
    [SQL_ALIAS_ERASE] = {"DELETE FROM alias WHERE contact = ?1", "erasing a contact"},

    [SQL_CONTACT_ADD] = {"INSERT INTO contact (heard_ms) VALUES (?1)", "storing a contact"},
    /* Once a day is often enough to know who has not been heard of for a year. */
    [SQL_CONTACT_HEARD] = {"UPDATE contact SET heard_ms = ?2 WHERE id = ?1 AND heard_ms < ?2 - 86400000",
                           "storing when a contact wrote"},
    [SQL_CONTACT_MERGE] = {"UPDATE contact SET heard_ms = g.heard_ms FROM contact g"
                           " WHERE contact.id = ?1 AND g.id = ?2 AND g.heard_ms > contact.heard_ms",
                           "merging two contacts"},
    [SQL_CONTACT_DROP] = {"DELETE FROM contact WHERE id = ?1", "merging two contacts"},
    [SQL_CONTACT_ERASE] =
        {"UPDATE contact SET erased_ms = ?2,"
         " receipt_phone = (SELECT value FROM alias WHERE contact = ?1 AND kind = 'phone'"
         " ORDER BY since_ms DESC LIMIT 1),"
         " receipt_user_id = (SELECT value FROM alias WHERE contact = ?1 AND kind = 'user_id'"
         " ORDER BY since_ms DESC LIMIT 1),"
         " receipt_parent_id = (SELECT value FROM alias WHERE contact = ?1 AND kind = 'parent_id'"
         " ORDER BY since_ms DESC LIMIT 1)"
         " WHERE id = ?1 AND erased_ms = 0",
         "erasing a contact"},
    [SQL_CONTACT_RECEIPT_TO] = {"SELECT receipt_phone, receipt_user_id, receipt_parent_id FROM contact"
                                " WHERE id = ?1",
                                "reading whom a receipt goes to"},
    [SQL_CONTACT_NO_RECEIPT] = {"UPDATE contact SET receipt_phone = NULL, receipt_user_id = NULL,"
                                " receipt_parent_id = NULL WHERE id = ?1 AND erased_ms > 0",
                                "erasing a contact"},
    [SQL_CONTACT_IS_THERE] = {"SELECT 1 FROM contact WHERE id = ?1", "looking for a contact"},
    [SQL_CONTACT_FINISH_ERASED] = {"DELETE FROM contact WHERE erased_ms > 0 AND NOT EXISTS"
                                   " (SELECT 1 FROM outbox WHERE outbox.contact = contact.id AND " UNFINISHED
                                   ")",
                                   "erasing a contact"},
    [SQL_CONTACT_FORGET] = {"DELETE FROM contact WHERE id IN (" UNHEARD_CONTACTS ")",
                            "dropping contacts of long ago"},

    /* ---- conversations ---- */

    [SQL_CHAT_WROTE] = {"INSERT INTO chat (contact, account, wrote_ms) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (contact, account) DO UPDATE SET wrote_ms = excluded.wrote_ms"
                        " WHERE chat.wrote_ms < excluded.wrote_ms",
                        "storing when a contact wrote"},
    [SQL_CHAT_PACE] = {"INSERT INTO chat (contact, account, wrote_ms, wrote_tally_ms, flood, said_tally_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (contact, account) DO UPDATE SET"
                       " wrote_ms = MAX(chat.wrote_ms, excluded.wrote_ms),"
                       " wrote_tally_ms = excluded.wrote_tally_ms, flood = excluded.flood",
                       "storing when a contact wrote"},
    [SQL_CHAT_LOAD] = {"SELECT text FROM chat WHERE contact = ?1 AND account = ?2 AND text IS NOT NULL",
                       "loading a conversation"},
    /* Nothing is kept any more of who asked to be erased. */
    [SQL_CHAT_SAVE] =
        {"INSERT INTO chat (contact, account, text, updated_ms, holder, holder_ms, wake_ms, name, words,"
         " words_ms, said_tally_ms) SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, CASE WHEN ?5 <> 'bot' THEN ?8 END,"
         " ?9, CASE WHEN ?9 IS NULL THEN 0 ELSE ?4 END, ?4 + ?10"
         " FROM contact WHERE id = ?1 AND erased_ms = 0"
         " ON CONFLICT (contact, account)"
         " DO UPDATE SET text = excluded.text, updated_ms = excluded.updated_ms, holder = excluded.holder,"
         " holder_ms = excluded.holder_ms, wake_ms = excluded.wake_ms,"
         " name = CASE WHEN excluded.holder <> 'bot' THEN COALESCE(excluded.name, chat.name) END,"
         " words = COALESCE(excluded.words, chat.words),"
         " words_ms = MAX(excluded.words_ms, chat.words_ms),"
         " said_tally_ms = CASE WHEN ?10 = 0 THEN chat.said_tally_ms"
         " ELSE MAX(chat.said_tally_ms, ?4) + ?10 END",
         "saving a conversation"},
    /* One of the two as a whole: the human's, or whose waits for her; else the one written last. */
    [SQL_CHAT_MERGE] =
        {"INSERT INTO chat (contact, account, wrote_ms, updated_ms, holder, holder_ms, wake_ms, words_ms,"
         " wrote_tally_ms, said_tally_ms, flood, name, words, text)"
         " SELECT ?1, account, wrote_ms, updated_ms, holder, holder_ms, wake_ms, words_ms, wrote_tally_ms,"
         " said_tally_ms, flood, name, words, text FROM chat WHERE contact = ?2"
         " ON CONFLICT (contact, account) DO UPDATE SET"
         " (text, holder, holder_ms, wake_ms, name, words, words_ms) ="
         " (SELECT n.text, n.holder, n.holder_ms, n.wake_ms, n.name, n.words, n.words_ms FROM chat n"
         " WHERE n.account = chat.account AND n.contact ="
         " CASE WHEN (CASE excluded." HOLDER_RANK ", excluded.updated_ms)"
         " > (CASE chat." HOLDER_RANK ", chat.updated_ms) THEN ?2 ELSE ?1 END),"
         " wrote_ms = MAX(chat.wrote_ms, excluded.wrote_ms),"
         " updated_ms = MAX(chat.updated_ms, excluded.updated_ms),"
         " flood = CASE chat.flood WHEN 'calm' THEN excluded.flood ELSE chat.flood END,"
         " wrote_tally_ms = MAX(chat.wrote_tally_ms, excluded.wrote_tally_ms),"
         " said_tally_ms = MAX(chat.said_tally_ms, excluded.said_tally_ms)",
         "merging two contacts"},
    [SQL_CHAT_DROP_WORDS] = {"UPDATE chat SET words = NULL WHERE id IN (SELECT id FROM chat"
                             " WHERE words IS NOT NULL AND words_ms < ?1 ORDER BY words_ms LIMIT ?2)",
                             "dropping old texts"},
    [SQL_CHAT_PERSON] = {"SELECT name, words, wrote_ms FROM chat WHERE contact = ?1 AND account = ?2",
                         "reading about a person"},
    [SQL_CHAT_WAKE] = {"SELECT wake_ms, contact, account FROM chat WHERE wake_ms IS NOT NULL"
                       " ORDER BY wake_ms, id LIMIT 1",
                       "looking for what the clock must do"},
    [SQL_CHAT_PUT_OFF] = {"UPDATE chat SET wake_ms = ?3 WHERE contact = ?1 AND account = ?2",
                          "putting off what the clock must do"},
    [SQL_CHAT_COUNT_WAITING] = {"SELECT count(*) FROM chat WHERE holder <> 'bot' AND holder = 'waiting'",
                                "counting who waits"},
    [SQL_CHAT_WAITING] = {"SELECT contact, account, holder, holder_ms, name FROM chat WHERE holder <> 'bot'"
                          " ORDER BY holder_ms, id",
                          "looking for who waits"},

    [SQL_CHAT_ERASE] = {"UPDATE chat SET text = NULL, updated_ms = 0, holder = 'bot', holder_ms = 0,"
                        " wake_ms = NULL, name = NULL, words = NULL, wrote_tally_ms = 0, said_tally_ms = 0,"
                        " flood = 'calm' WHERE contact = ?1",
                        "erasing a contact"},

    /* ---- the desk ---- */

    [SQL_LINE_ADD] = {"INSERT INTO line (contact, account, added_ms, buttons, name, media, text)"
                      " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE ?1 IS NULL OR EXISTS"
                      " (SELECT 1 FROM contact WHERE id = ?1 AND erased_ms = 0)",
                      "storing a line for the desk"},
    /* All of whoever has waited longest; account and contact are both NULL where nobody is meant. */
    [SQL_LINE_LIST] = {"SELECT l.id, l.contact, l.account, l.buttons, l.name, l.media, l.text FROM line l,"
                       " (SELECT contact, account FROM line ORDER BY id LIMIT 1) first"
                       " WHERE l.contact IS first.contact AND l.account IS first.account"
                       " ORDER BY l.id LIMIT ?1",
                       "reading the desk's lines"},
    [SQL_LINE_DROP] = {"DELETE FROM line WHERE id = ?1", "reading the desk's lines"},
    [SQL_LINE_MOVE] = {"UPDATE line SET contact = ?1 WHERE contact = ?2", "merging two contacts"},
    /* Of nobody's lines those that list people go over several lines. All of them go: by which name somebody
     * stands there may be known no more. */
    [SQL_LINE_ERASE_NAMED] = {"DELETE FROM line WHERE contact IS NULL AND instr(text, char(10)) > 0"
                              " AND ?1 IS NOT NULL",
                              "erasing a contact"},
    [SQL_LINE_ERASE] = {"DELETE FROM line WHERE contact = ?1", "erasing a contact"},
    [SQL_LINE_DROP_TEXTS] = {"DELETE FROM line WHERE id IN (SELECT id FROM line"
                             " WHERE added_ms < ?1 ORDER BY added_ms LIMIT ?2)",
                             "dropping old texts"},

    [SQL_TOPIC_SET] = {"INSERT OR REPLACE INTO topic (contact, account, desk, thread)"
                       " SELECT id, ?2, ?3, ?4 FROM contact WHERE id = ?1 AND erased_ms = 0",
                       "storing a topic"},
    [SQL_TOPIC_DROP] = {"DELETE FROM topic WHERE desk = ?1 AND thread = ?2", "dropping a topic"},
    [SQL_TOPIC_OF] =
        {"SELECT thread FROM topic WHERE contact = ?1 AND account = ?2 AND desk = ?3" NEWEST_TOPIC,
         "looking for a topic"},
    [SQL_TOPIC_ANY] = {"SELECT thread FROM topic WHERE contact = ?1 AND desk = ?2 LIMIT 1",
                       "looking for a topic"},
    [SQL_TOPIC_WHOM] = {"SELECT contact, account FROM topic WHERE desk = ?1 AND thread = ?2",
                        "looking for whom a topic is about"},
    [SQL_TOPIC_MOVE] = {"UPDATE topic SET contact = ?1 WHERE contact = ?2", "merging two contacts"},
    [SQL_TOPIC_ERASE] = {"DELETE FROM topic WHERE contact = ?1", "erasing a contact"},

    /* ---- inbox ---- */

    [SQL_INBOX_ADD] =
        {"INSERT INTO inbox (seen, channel, taken_ms, state, raw) VALUES (?1, ?2, ?3, 'taken', ?4)"
         " ON CONFLICT (seen) DO NOTHING",
         "storing a message"},
    [SQL_INBOX_CLOSE] = {"UPDATE inbox SET state = ?2, reason = ?3,"
                         " contact = (SELECT id FROM contact WHERE id = ?4 AND erased_ms = 0)"
                         " WHERE id = ?1",
                         "storing what became of a message"},
    [SQL_INBOX_BLANK] = {"UPDATE inbox SET raw = NULL, reason = NULL WHERE id = ?1 AND NOT EXISTS"
                         " (SELECT 1 FROM contact WHERE id = ?2 AND erased_ms = 0)",
                         "storing what became of a message"},
    [SQL_INBOX_MOVE] = {"UPDATE inbox SET contact = ?1 WHERE contact = ?2", "merging two contacts"},
    [SQL_INBOX_ERASE] = {"UPDATE inbox SET contact = NULL, raw = NULL, reason = NULL WHERE contact = ?1",
                         "erasing a contact"},
    /* What could not be read was never laid to a contact; it may name this one all the same. */
    [SQL_INBOX_ERASE_STRAYS] =
        {"UPDATE inbox SET raw = NULL, reason = NULL"
         " WHERE raw IS NOT NULL AND contact IS NULL AND state IN ('skipped', 'failed')"
         " AND EXISTS (SELECT 1 FROM alias WHERE alias.contact = ?1"
         " AND instr(inbox.raw, alias.value) > 0)",
         "erasing a contact"},
    [SQL_INBOX_FORGET] = {"UPDATE inbox SET contact = NULL, raw = NULL, reason = NULL"
                          " WHERE contact IN (" UNHEARD_CONTACTS ")",
                          "dropping contacts of long ago"},
    [SQL_INBOX_DROP_TEXTS] = {"UPDATE inbox SET raw = NULL WHERE id IN (SELECT id FROM inbox"
                              " WHERE raw IS NOT NULL AND taken_ms < ?1 ORDER BY taken_ms LIMIT ?2)",
                              "dropping old texts"},
    [SQL_INBOX_DROP_KEYS] = {"DELETE FROM inbox WHERE id IN (SELECT id FROM inbox"
                             " WHERE raw IS NULL AND taken_ms < ?1 ORDER BY taken_ms LIMIT ?2)",
                             "dropping old message ids"},

    /* ---- held texts ---- */

    /* Of both at once, for each message asks: what is held, and how its chat fares. */
    [SQL_HELD_SUM] =
        {"SELECT count(*), min(held_ms), sum(length(CAST(text AS BLOB))), (SELECT holder" ITS_CHAT "),"
         " (SELECT wrote_tally_ms" ITS_CHAT "), (SELECT said_tally_ms" ITS_CHAT "), (SELECT flood" ITS_CHAT
         ")"
         " FROM held WHERE contact = ?1 AND account = ?2",
         "looking for held texts"},
    [SQL_HELD_PUT_OFF] = {"UPDATE held SET due_ms = ?3 WHERE contact = ?1 AND account = ?2",
                          "holding a text"},
    [SQL_HELD_ADD] = {"INSERT INTO held (contact, account, due_ms, channel, inbox, held_ms, sent_ms,"
                      " platform_id, our_number, name, choice, text, missed) VALUES"
                      " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, COALESCE(?12, ''), ?12 IS NULL)",
                      "holding a text"},
    /* No text: what is held stays, and stands in for one more. */
    [SQL_HELD_REPLACE] =
        {"UPDATE held SET due_ms = ?3, inbox = ?5, sent_ms = ?7, platform_id = ?8, our_number = ?9,"
         " name = ?10, choice = CASE WHEN ?12 IS NULL THEN choice ELSE ?11 END, text = COALESCE(?12, text),"
         " missed = missed + (text <> '' OR ?12 IS NULL)"
         " WHERE contact = ?1 AND account = ?2",
         "holding a text"},
    [SQL_HELD_EDIT] = {"UPDATE held SET text = ?4 WHERE contact = ?1 AND account = ?2 AND platform_id = ?3",
                       "changing a held text"},
    [SQL_HELD_WITHDRAW] = {"DELETE FROM held WHERE contact = ?1 AND account = ?2 AND platform_id = ?3"
                           " RETURNING inbox",
                           "withdrawing a held text"},
    [SQL_HELD_NEXT] = {"SELECT due_ms, contact, account FROM held ORDER BY due_ms, id LIMIT 1",
                       "looking for held texts"},
    [SQL_HELD_OF] = {"SELECT inbox, sent_ms, channel, platform_id, our_number, name, text, choice, missed"
                     " FROM held WHERE contact = ?1 AND account = ?2 ORDER BY id",
                     "reading held texts"},
    [SQL_HELD_DROP] = {"DELETE FROM held WHERE contact = ?1 AND account = ?2", "reading held texts"},
    [SQL_HELD_MOVE] = {"UPDATE held SET contact = ?1 WHERE contact = ?2", "merging two contacts"},
    [SQL_HELD_ERASE] = {"DELETE FROM held WHERE contact = ?1", "erasing a contact"},
    [SQL_HELD_DROP_TEXTS] = {"DELETE FROM held WHERE id IN (SELECT id FROM held"
                             " WHERE due_ms < ?1 ORDER BY due_ms LIMIT ?2)",
                             "dropping old texts"},

    /* ---- outbox ---- */

    [SQL_OUTBOX_ADD] =
        {"INSERT INTO outbox (contact, channel, account, state, replaceable, created_ms, changed_ms,"
         " next_try_ms, content, human, about, about_account)"
         " VALUES (?1, ?2, ?3, 'due', ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10)",
         "storing a reply"},
    [SQL_OUTBOX_WITHDRAW] = {"UPDATE outbox SET state = 'withdrawn', next_try_ms = NULL, changed_ms = ?2"
                             " WHERE contact = ?1 AND " UNFINISHED " AND state = 'due' AND replaceable = 1",
                             "withdrawing a reply"},
    [SQL_OUTBOX_CLAIM] =
        {"UPDATE outbox SET state = 'sending', attempt = attempt + 1, changed_ms = ?2 WHERE id IN"
         " (SELECT id FROM outbox WHERE state IN ('due', 'unsure') AND next_try_ms <= ?2"
         " AND (?1 IS NULL OR account = ?1) AND " FIRST_OF_ITS_CONTACT " ORDER BY next_try_ms, id LIMIT ?3)"
         " RETURNING id, contact, channel, account, content, attempt, created_ms,"
         " (SELECT wrote_ms FROM chat WHERE chat.contact = outbox.contact"
         " AND chat.account = outbox.account), human, about, about_account,"
         " (SELECT thread FROM topic WHERE topic.contact = outbox.about"
         " AND topic.account = outbox.about_account AND topic.desk = outbox.account),"
         " human = 0 AND EXISTS (SELECT 1 FROM chat WHERE chat.contact = outbox.contact"
         " AND chat.account = outbox.account AND chat.holder = 'human')",
         "claiming replies"},
    /* A reply of somebody erased while it was under way has no content left to try again. What was told
     * at the desk may name people whom its row is not about, so it goes as soon as it has left. */
    [SQL_OUTBOX_SETTLE] =
        {"UPDATE outbox SET"
         " state = CASE WHEN content IS NULL AND ?3 IS NOT NULL THEN 'withdrawn' ELSE ?2 END,"
         " next_try_ms = CASE WHEN content IS NOT NULL THEN ?3 END,"
         " content = CASE WHEN channel <> 'desk' OR ?3 IS NOT NULL THEN content END,"
         " platform_id = COALESCE(?4, platform_id), code = ?5, detail = ?6, changed_ms = ?7"
         " WHERE id = ?1 AND state IN ('sending', 'unsure')",
         "storing what came of a send"},
    [SQL_OUTBOX_NAME] = {"UPDATE outbox SET platform_id = ?2 WHERE id = ?1 AND platform_id IS NOT ?2",
                         "storing what came of a send"},
    [SQL_OUTBOX_FIND] =
        {"SELECT id FROM outbox WHERE channel = ?1 AND platform_id = ?2 ORDER BY id DESC LIMIT 1",
         "looking for a send"},
    [SQL_OUTBOX_STATUS] =
        {"UPDATE outbox SET state = ?3, next_try_ms = NULL, code = ?5, changed_ms = ?6,"
         " billed = MAX(billed, ?7)"
         " WHERE id = ?1 AND channel = ?2 AND CASE state WHEN 'due' THEN 0 WHEN 'sending' THEN 0"
         " WHEN 'unsure' THEN 0 WHEN 'sent' THEN 1 WHEN 'delivered' THEN 2 ELSE 3 END < ?4",
         "storing a delivery status"},
    [SQL_OUTBOX_BILLED] = {"UPDATE outbox SET billed = 1 WHERE id = ?1 AND channel = ?2 AND billed = 0",
                           "storing a delivery status"},
    /* Nobody could tell us of those that were unsure either, while we were away. */
    [SQL_OUTBOX_RECOVER] =
        {"UPDATE outbox SET state = CASE WHEN content IS NULL THEN 'withdrawn' ELSE 'unsure' END,"
         " next_try_ms = CASE WHEN content IS NOT NULL THEN MAX(next_try_ms, ?1) END WHERE " UNFINISHED
         " AND state IN ('sending', 'unsure')",
         "taking up what a dead process left"},
    [SQL_OUTBOX_SET_BACK] =
        {"UPDATE outbox SET next_try_ms = MAX(next_try_ms - ?2, ?3) WHERE state IN ('due', 'unsure')"
         " AND next_try_ms > ?1 AND next_try_ms < 9223372036854775807",
         "following a clock that was set back"},
    [SQL_HELD_SET_BACK] = {"UPDATE held SET due_ms = MAX(due_ms - ?2, ?3) WHERE due_ms > ?1",
                           "following a clock that was set back"},
    [SQL_OUTBOX_NEXT] =
        {"SELECT next_try_ms FROM outbox WHERE state IN ('due', 'unsure') AND " FIRST_OF_ITS_CONTACT
         " ORDER BY next_try_ms LIMIT 1",
         "looking for the next reply"},
    [SQL_OUTBOX_WAITING] = {"SELECT count(*) FROM outbox WHERE state IN ('due', 'unsure')",
                            "counting what waits"},
    [SQL_OUTBOX_MOVE] = {"UPDATE outbox SET contact = ?1 WHERE contact = ?2", "merging two contacts"},
    [SQL_OUTBOX_MOVE_ABOUT] = {"UPDATE outbox SET about = ?1 WHERE about = ?2", "merging two contacts"},
    /* Should it not arrive after all, she is told again. */
    [SQL_OUTBOX_RELEASE] =
        {"UPDATE outbox SET next_try_ms = ?3, changed_ms = ?3, human = 1 WHERE contact = ?1"
         " AND account = ?2 AND " UNFINISHED " AND state = 'due'"
         " AND next_try_ms = 9223372036854775807",
         "taking up what was kept"},
    [SQL_OUTBOX_HUSH] = {"UPDATE outbox SET state = 'withdrawn', next_try_ms = NULL, changed_ms = ?3"
                         " WHERE contact = ?1 AND account = ?2 AND " UNFINISHED
                         " AND state = 'due' AND human = 0",
                         "withdrawing what the bot had to say"},
    [SQL_OUTBOX_BUSY] = {"SELECT 1 FROM outbox WHERE contact = ?1 AND " UNFINISHED " LIMIT 1",
                         "looking for what must leave"},
    [SQL_OUTBOX_ON_ITS_WAY] =
        {"SELECT content FROM outbox WHERE contact = ?1 AND account = ?2 AND " UNFINISHED
         " AND state IN ('sending', 'unsure') AND content IS NOT NULL AND platform_id IS NULL",
         "looking for what is being sent"},
    [SQL_OUTBOX_UNTOLD] = {"SELECT id, contact, account, channel, state = 'due' FROM outbox WHERE " UNTOLD
                           " ORDER BY id LIMIT 1",
                           "looking for what did not arrive"},
    [SQL_OUTBOX_TOLD] = {"UPDATE outbox SET human = 2 WHERE id = ?1", "telling what did not arrive"},
    [SQL_OUTBOX_WHOM] = {"SELECT about, about_account FROM outbox WHERE channel = ?1 AND platform_id = ?2"
                         " AND about IN (SELECT id FROM contact) ORDER BY id DESC LIMIT 1",
                         "looking for whom a message was about"},
    [SQL_OUTBOX_ABOUT] = {"SELECT platform_id FROM outbox WHERE about = ?1 AND channel = ?2"
                          " AND platform_id IS NOT NULL ORDER BY id DESC LIMIT 1",
                          "looking for a message about somebody"},
    /* Whatever it waits for, the person's return or an account that is ours no more: no text outlives the time that
     * people were told. */
    [SQL_OUTBOX_GIVE_UP] = {"UPDATE outbox SET state = 'dead', next_try_ms = NULL, content = NULL WHERE id IN"
                            " (SELECT id FROM outbox WHERE content IS NOT NULL AND created_ms < ?1"
                            " AND state IN ('due', 'unsure') ORDER BY created_ms LIMIT ?2)",
                            "dropping old texts"},
    [SQL_OUTBOX_ERASE] = {"DELETE FROM outbox WHERE contact = ?1 AND state <> 'sending'",
                          "erasing a contact"},
    [SQL_OUTBOX_BLANK] =
        {"UPDATE outbox SET content = NULL, platform_id = NULL, detail = NULL WHERE contact = ?1",
         "erasing a contact"},
    [SQL_OUTBOX_ERASE_ABOUT] = {"DELETE FROM outbox WHERE about = ?1 AND state <> 'sending'",
                                "erasing a contact"},
    [SQL_OUTBOX_BLANK_ABOUT] =
        {"UPDATE outbox SET content = NULL, platform_id = NULL, detail = NULL, about = NULL,"
         " about_account = NULL WHERE about = ?1",
         "erasing a contact"},
    [SQL_OUTBOX_ERASE_LISTS] = {"DELETE FROM outbox WHERE " LISTS_OF_PEOPLE
                                " AND state <> 'sending' AND ?1 IS NOT NULL",
                                "erasing a contact"},
    [SQL_OUTBOX_BLANK_LISTS] = {"UPDATE outbox SET content = NULL WHERE " LISTS_OF_PEOPLE
                                " AND ?1 IS NOT NULL",
                                "erasing a contact"},
    [SQL_OUTBOX_DROP_TEXTS] = {"UPDATE outbox SET content = NULL WHERE id IN (SELECT id FROM outbox"
                               " WHERE content IS NOT NULL AND created_ms < ?1 AND next_try_ms IS NULL"
                               " ORDER BY created_ms LIMIT ?2)",
                               "dropping old texts"},

    /* ---- everything about one person; the columns' names are the answer's (kept.c) ---- */

    [SQL_KEPT_PERSON] = {"SELECT heard_ms FROM contact WHERE id = ?1 AND erased_ms = 0",
                         "reading about a person"},
    [SQL_KEPT_NAMES] = {"SELECT channel, kind, value, since_ms FROM alias WHERE contact = ?1"
                        " ORDER BY channel, since_ms",
                        "reading about a person"},
    [SQL_KEPT_CHATS] =
        {"SELECT account, wrote_ms, updated_ms, holder, holder_ms AS holder_since_ms, wake_ms,"
         " wrote_tally_ms, said_tally_ms, flood, name, words, words_ms AS words_at_ms, text FROM chat"
         " WHERE contact = ?1 ORDER BY id",
         "reading about a person"},
    [SQL_KEPT_MESSAGES] = {"SELECT channel, taken_ms, state, reason, raw FROM inbox WHERE contact = ?1"
                           " ORDER BY id",
                           "reading about a person"},
    [SQL_KEPT_HELD] = {"SELECT channel, account, held_ms, due_ms, sent_ms, platform_id, our_number, name,"
                       " missed, choice, text FROM held WHERE contact = ?1 ORDER BY id",
                       "reading about a person"},
    [SQL_KEPT_REPLIES] = {"SELECT channel, account, human, state, attempt, billed, code, created_ms,"
                          " changed_ms, next_try_ms, platform_id, detail, content FROM outbox"
                          " WHERE contact = ?1 ORDER BY id",
                          "reading about a person"},
    [SQL_KEPT_TOLD] = {"SELECT account, state, attempt, code, created_ms, changed_ms, next_try_ms,"
                       " platform_id, detail, content, about_account FROM outbox WHERE about = ?1"
                       " ORDER BY id",
                       "reading about a person"},
    [SQL_KEPT_LINES] = {"SELECT account, added_ms, buttons, name, media, text FROM line WHERE contact = ?1"
                        " ORDER BY id",
                        "reading about a person"},
    [SQL_KEPT_TOPICS] = {"SELECT account, desk, thread FROM topic WHERE contact = ?1",
                         "reading about a person"},
    /* Only counted: they may be about others as well. */
    [SQL_KEPT_MENTIONS] =
        {"SELECT (SELECT count(*) FROM inbox WHERE raw IS NOT NULL AND contact IS NULL"
         " AND state IN ('skipped', 'failed') AND EXISTS (SELECT 1 FROM alias WHERE alias.contact = ?1"
         " AND instr(inbox.raw, alias.value) > 0)) AS unread,"
         " (SELECT count(*) FROM outbox WHERE " LISTS_OF_PEOPLE
         ") + (SELECT count(*) FROM line WHERE contact IS NULL AND instr(text, char(10)) > 0) AS lists",
         "reading about a person"},

    [SQL_COUNT_CONTACTS] = {"SELECT count(*) FROM contact WHERE erased_ms = 0", "counting"},
    [SQL_COUNT_CHATS] = {"SELECT count(*) FROM chat WHERE text IS NOT NULL", "counting"},
    [SQL_COUNT_INBOX] = {"SELECT state, count(*) FROM inbox GROUP BY state", "counting"},
    [SQL_COUNT_OUTBOX] = {"SELECT state, count(*) FROM outbox GROUP BY state", "counting"},
};
