// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Which instruction sets may be used, decided at run time.
#pragma once

#include <cstdint>

namespace partita {

std::int32_t cpu_features() noexcept;  // bits PTC_CPU_*, already limited

}  // namespace partita
