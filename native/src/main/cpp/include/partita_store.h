/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The object store: immutable objects in shared memory, one arena for the processes of one user that
 * share a folder. As flat C; the rules of partita_core.h hold here too.
 *
 * Objects  are created, written in place, sealed, and never change again. An id is 128 random bits,
 *          passed as two integers. Metadata are up to 65535 bytes beside the payload.
 * Threads  Any number of threads may use one ptc_store at once, except that ptc_store_close must be
 *          the last call. A process that forks must open its own.
 * Waiting  timeout_millis is 0 (do not wait) to 2147483647. Calls without one take microseconds; when
 *          another process is stopped inside a critical section they give up after 10 s.
 * Memory   Addresses given out stay mapped until ptc_store_close. Those of ptc_store_get are mapped
 *          read-only: writing there is a SIGSEGV. Reading after ptc_store_release, or writing after
 *          ptc_store_seal, reaches memory that may belong to another object: both are the caller's defect.
 * Death    of a process at any instant leaves sealed objects as they are, frees what it was writing and
 *          lets go of what it held, in well under a second. The death of the last one ends the arena;
 *          objects in the spill folder are found again by the next.
 */
#ifndef PARTITA_STORE_H
#define PARTITA_STORE_H

#include "partita_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the store adds to the statuses of partita_core.h. PTC_OUT_OF_MEMORY: it can never fit;
 * PTC_TIMEOUT: it did not fit in the time given, and the text names who holds the bytes. */
#define PTC_NOT_FOUND 20
#define PTC_CONFLICT 21
#define PTC_STORAGE_FAILURE 22
#define PTC_FORBIDDEN 23
#define PTC_DATA_LOSS 24

typedef struct ptc_store ptc_store;

/* Flags of ptc_store_open, one of them or 0. */
#define PTC_STORE_NO_PREFAULT 1
#define PTC_STORE_PREFAULT_ON_CREATE 2 /* this process's first object; until then the arena takes no memory */

/* Joins the arena of the processes that opened `folder`, or makes one of arena_bytes (1 MiB to 255 GiB,
 * rounded up to 2 MiB; ignored when joining). The folder is created if need be, and must belong to the
 * caller's user and be writable for nobody else. spill_folder: where unpinned objects go when the arena is
 * full; null or empty: nowhere, and a full arena makes callers wait. Unless told otherwise the pages are
 * touched in the background, so that later copies run at memory speed. At most 64 handles join one arena.
 * Errors: INVALID_ARGUMENT, FORBIDDEN (folder or peer of another user), TIMEOUT, STORAGE_FAILURE (a system
 * call, descriptors exhausted among them), CONFLICT (64 handles). Starts two threads, which block signals. */
PTC_API ptc_status ptc_store_open(const char* folder, int64_t arena_bytes, const char* spill_folder,
                                  int32_t flags, int32_t timeout_millis, ptc_store** out);
/* Lets go of everything this handle holds, abandons what it was writing, unmaps. Null is ignored. */
PTC_API void ptc_store_close(ptc_store* store);
/* Where this process sees the arena: addresses of ptc_store_create lie in the writable mapping, those of
 * ptc_store_get at the same offset in the readable one. To be registered with devices, not to be written. */
PTC_API ptc_status ptc_store_arena(ptc_store* store, void** writable, const void** readable, int64_t* bytes);

/* ---- budgets: a tree, store -> tenant -> job -------------------------------------------------- */

/* The budget named "tenant" or "tenant/job" (each part 1 to 40 characters), made if need be, limited to
 * limit_bytes of the arena from now on (0: by its parent only). Budget 0 is the store itself. Objects
 * already there are not touched by a lower limit. CONFLICT: 4096 budgets exist. */
PTC_API ptc_status ptc_store_budget(ptc_store* store, const char* name, int64_t limit_bytes, int32_t* out);
/* CONFLICT while an object or another budget belongs to it. */
PTC_API ptc_status ptc_store_budget_remove(ptc_store* store, int32_t budget);
/* Bytes of the arena its objects occupy, those of the budgets below it included; and its limit. */
PTC_API ptc_status ptc_store_budget_usage(ptc_store* store, int32_t budget, int64_t* used_bytes,
                                          int64_t* limit_bytes);

/* ---- writing ---------------------------------------------------------------------------------- */

/* An object being written: `data` are `bytes` writable, uninitialised bytes on a 64-byte boundary. */
typedef struct ptc_writing {
  int64_t id_high;
  int64_t id_low;
  void* data;
  int64_t bytes;
  int64_t writer;
} ptc_writing;

/* Room for an object; nobody sees it before it is sealed. Id 0,0: a random one. Where there is no room,
 * unpinned objects are spilled, else waits up to timeout_millis for others to make room.
 * Errors: CONFLICT (the id is taken; too many objects), OUT_OF_MEMORY, TIMEOUT, STORAGE_FAILURE (spilling failed). */
PTC_API ptc_status ptc_store_create(ptc_store* store, int32_t budget, int64_t id_high, int64_t id_low,
                                    int64_t bytes, const void* metadata, int64_t metadata_bytes,
                                    int32_t timeout_millis, ptc_writing* out);
/* The object becomes visible, and immutable. CONFLICT: this writer was sealed or aborted before. */
PTC_API ptc_status ptc_store_seal(ptc_store* store, int64_t writer);
PTC_API ptc_status ptc_store_abort(ptc_store* store, int64_t writer);
/* Create, copy, seal. The id is written to *id_high_out and *id_low_out. */
PTC_API ptc_status ptc_store_put(ptc_store* store, int32_t budget, int64_t id_high, int64_t id_low,
                                 const void* data, int64_t bytes, const void* metadata,
                                 int64_t metadata_bytes, int32_t timeout_millis, int64_t* id_high_out,
                                 int64_t* id_low_out);

/* ---- reading ---------------------------------------------------------------------------------- */

/* A pinned object: neither evicted nor freed until its pin is released. */
typedef struct ptc_stored {
  const void* data;
  int64_t bytes;
  const void* metadata;
  int64_t metadata_bytes;
  int64_t pin;
} ptc_stored;

/* The sealed object, without a copy; restored if it was spilled. Waits up to timeout_millis for it to be
 * created and sealed. Errors: NOT_FOUND; TIMEOUT (being written, or no room to restore it); DATA_LOSS (its
 * spill file is missing or damaged); STORAGE_FAILURE. */
PTC_API ptc_status ptc_store_get(ptc_store* store, int64_t id_high, int64_t id_low, int32_t timeout_millis,
                                 ptc_stored* out);
/* INVALID_ARGUMENT: no such pin, or released before. */
PTC_API ptc_status ptc_store_release(ptc_store* store, int64_t pin);
/* 1: sealed, in the arena or spilled; 0: not. */
PTC_API ptc_status ptc_store_contains(ptc_store* store, int64_t id_high, int64_t id_low, int32_t* out);
/* Waits until `needed` of `count` objects are sealed; ids are pairs of high and low. ready[i] is 1 for each
 * that is. At the time-out the status is OK and *ready_count below `needed`. */
PTC_API ptc_status ptc_store_wait(ptc_store* store, const int64_t* ids, int32_t count, int32_t needed,
                                  int32_t timeout_millis, int8_t* ready, int32_t* ready_count);
/* The id is free at once; the bytes when the last pin is released. NOT_FOUND; CONFLICT while it is written. */
PTC_API ptc_status ptc_store_delete(ptc_store* store, int64_t id_high, int64_t id_low);

/* ---- looking ---------------------------------------------------------------------------------- */

#define PTC_OBJECT_WRITING 1
#define PTC_OBJECT_SEALED 2
#define PTC_OBJECT_SPILLED 3
#define PTC_OBJECT_DELETED 4 /* and still pinned */

typedef struct ptc_object_info {
  int64_t id_high;
  int64_t id_low;
  int64_t bytes;
  int64_t metadata_bytes;
  int64_t arena_bytes;
  int32_t state;
  int32_t budget;
  int32_t pinning_processes;
  int32_t writer_pid; /* while it is written, else 0 */
} ptc_object_info;

/* Up to `capacity` objects from position *cursor on (0 to begin); *cursor moves on and is -1 after the last.
 * Objects that come or go meanwhile may be missed. */
PTC_API ptc_status ptc_store_list(ptc_store* store, int64_t* cursor, ptc_object_info* out, int32_t capacity,
                                  int32_t* count);

typedef struct ptc_store_statistics {
  int64_t arena_bytes;
  int64_t used_bytes;     /* of the arena, by objects of any state */
  int64_t objects;        /* in the arena or spilled */
  int64_t spilled_objects;
  int64_t pinned_objects;
  int64_t writing_objects;
  int64_t spills;         /* since the arena was made */
  int64_t restores;
  int64_t recoveries;     /* a process died inside a critical section */
  int64_t reaped_clients; /* died or left without ptc_store_close */
  int32_t clients;
  int32_t broker_pid;
} ptc_store_statistics;

PTC_API ptc_status ptc_store_stats(ptc_store* store, ptc_store_statistics* out);

#ifdef __cplusplus
}
#endif
#endif
