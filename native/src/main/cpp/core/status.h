// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// How C++ failures become a status and a text at the C boundary.
#pragma once

#include <new>
#include <stdexcept>
#include <string>

#include "partita_collective.h"
#include "partita_core.h"

namespace partita {

// The caller passed something wrong; the message says what and with which value.
struct InvalidArgument : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Work did not end in the time given.
struct TimedOut : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Another member of a group is gone.
struct PeerLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void set_last_error(const char* message) noexcept;

inline void require(bool holds, const char* message) {
  if (!holds) throw InvalidArgument(message);
}

// Runs a function at the boundary: whatever it throws ends here.
template <typename F>
ptc_status guarded(F&& body) noexcept {
  try {
    body();
    return PTC_OK;
  } catch (const InvalidArgument& e) {
    set_last_error(e.what());
    return PTC_INVALID_ARGUMENT;
  } catch (const TimedOut& e) {
    set_last_error(e.what());
    return PTC_TIMEOUT;
  } catch (const PeerLost& e) {
    set_last_error(e.what());
    return PTC_PEER_LOST;
  } catch (const std::bad_alloc&) {
    set_last_error("out of native memory");
    return PTC_OUT_OF_MEMORY;
  } catch (const std::exception& e) {
    set_last_error(e.what());
    return PTC_INTERNAL;
  } catch (...) {
    set_last_error("unknown failure in the native core");
    return PTC_INTERNAL;
  }
}

}  // namespace partita
