/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a child process does to itself so that its parent can rely on it. As flat C; the rules of partita_core.h
 * hold here too.
 */
#ifndef PARTITA_PROCESS_H
#define PARTITA_PROCESS_H

#include "partita_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From now on the kernel kills this process when the thread that started it ends, be it stopped or not; if that
 * has happened already, it ends here, with status 1. The parent must therefore start its children from a thread
 * that lives as long as they may. Moreover the kernel prefers this process to others when memory is short.
 * parent_pid: who is meant to be the parent. INVALID_ARGUMENT: it is not. */
PTC_API ptc_status ptc_process_die_with_parent(int32_t parent_pid);

/* Limits the private memory of this process (heap, stacks, what it maps for itself, touched or not; shared arenas
 * are not counted): what would go above is refused by the kernel. Not for a process that must survive that.
 * INVALID_ARGUMENT: less than 1 MiB; INTERNAL: the kernel refused, for example to raise it again. */
PTC_API ptc_status ptc_process_limit_private(int64_t bytes);

/* Moves the pipes that the parent made as standard input and output out of the way of everybody who prints:
 * input becomes /dev/null, output what standard error is. The descriptors are closed at an exec.
 * INTERNAL: a system call failed. Only the first call of a process makes sense. */
PTC_API ptc_status ptc_process_take_channel(int32_t* in, int32_t* out);

#ifdef __cplusplus
}
#endif
#endif
