// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Failures of the store: a status and a text, thrown inside, turned into both at the boundary.
#pragma once

#include <stdexcept>
#include <string>

#include "partita_store.h"
#include "status.h"

namespace partita::store {

struct Failure : std::runtime_error {
  Failure(ptc_status status, const std::string& text) : std::runtime_error(text), status(status) {}
  ptc_status status;
};

// A system call failed: "<what>: <text of errno>".
[[noreturn]] void fail_with_errno(const std::string& what);

template <typename F>
ptc_status store_guarded(F&& body) noexcept {
  ptc_status failed = PTC_OK;
  ptc_status status = guarded([&] {
    try {
      body();
    } catch (const Failure& e) {
      set_last_error(e.what());
      failed = e.status;
    }
  });
  return failed != PTC_OK ? failed : status;
}

std::string human_bytes(std::uint64_t bytes);

}  // namespace partita::store
