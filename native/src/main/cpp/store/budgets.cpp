// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "budgets.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "failure.h"
#include "life.h"

namespace partita::store {
namespace {

bool is_part(const std::string& text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7F && c != '/';
  });
}

std::uint32_t find_or_make(Control& control, const std::string& name, std::uint32_t parent) {
  if (std::uint32_t found = find_budget(control, name); found != 0) return found;
  Header& header = control.header();
  for (std::uint32_t number = 1; number < kMaxBudgets; number++) {
    Budget& budget = header.budgets[number];
    if (budget.used != 0) continue;
    budget = Budget{};
    budget.parent = parent;
    std::snprintf(budget.name, sizeof budget.name, "%s", name.c_str());
    budget.used = 1;
    return number;
  }
  throw Failure(PTC_CONFLICT, "the store has 4095 budgets already: remove those of jobs that ended");
}

std::string describe(const Header& header, std::uint32_t budget) {
  return budget == 0 ? "the store" : std::string("budget '") + header.budgets[budget].name + "'";
}

std::uint64_t limit_of(const Control& control, std::uint32_t budget) {
  std::uint64_t limit = control.header().budgets[budget].limit_bytes;
  return limit == 0 ? control.arena_bytes() : std::min(limit, control.arena_bytes());
}

}  // namespace

std::uint32_t find_budget(const Control& control, const std::string& name) {
  const Header& header = control.header();
  for (std::uint32_t number = 1; number < kMaxBudgets; number++) {
    if (header.budgets[number].used != 0 && name == header.budgets[number].name) return number;
  }
  return 0;
}

std::uint32_t set_budget(Control& control, const std::string& name, std::uint64_t limit_bytes) {
  std::size_t slash = name.find('/');
  std::string tenant = name.substr(0, slash);
  bool sound = is_part(tenant) && (slash == std::string::npos || is_part(name.substr(slash + 1)));
  if (!sound) {
    throw Failure(PTC_INVALID_ARGUMENT, "a budget is named 'tenant' or 'tenant/job', each part of 1 to 40 visible ASCII characters");
  }
  std::uint32_t budget = find_or_make(control, tenant, 0);
  if (slash != std::string::npos) budget = find_or_make(control, name, budget);
  control.header().budgets[budget].limit_bytes = limit_bytes;
  return budget;
}

void require_budget(const Control& control, std::uint32_t budget) {
  if (budget >= kMaxBudgets || control.header().budgets[budget].used == 0) {
    throw Failure(PTC_INVALID_ARGUMENT, "there is no budget " + std::to_string(budget));
  }
}

void remove_budget(Control& control, std::uint32_t budget) {
  require_budget(control, budget);
  Header& header = control.header();
  if (budget == 0) throw Failure(PTC_INVALID_ARGUMENT, "budget 0 is the store itself");
  bool parent = std::any_of(header.budgets + 1, header.budgets + kMaxBudgets,
                            [&](const Budget& b) { return b.used != 0 && b.parent == budget; });
  if (header.budgets[budget].objects != 0 || parent) {
    throw Failure(PTC_CONFLICT, describe(header, budget) + " is in use: it has " +
                                    std::to_string(header.budgets[budget].objects) + " objects" +
                                    (parent ? " and budgets of jobs" : ""));
  }
  header.budgets[budget].used = 0;
}

Shortage shortage(const Control& control, std::uint32_t budget, std::uint64_t bytes) {
  Shortage found;
  for_each_budget_up(control.header(), budget, [&](std::uint32_t b) {
    std::uint64_t used = control.header().budgets[b].used_bytes;
    std::uint64_t limit = limit_of(control, b);
    if (!found.exists && used + bytes > limit) found = {true, b, used + bytes - limit};
  });
  return found;
}

std::uint64_t tightest_limit(const Control& control, std::uint32_t budget) {
  std::uint64_t least = control.arena_bytes();
  for_each_budget_up(control.header(), budget, [&](std::uint32_t b) { least = std::min(least, limit_of(control, b)); });
  return least;
}

std::string who_holds(const Control& control, std::uint32_t full) {
  const Header& header = control.header();
  std::array<std::uint64_t, kMaxClients> pinned{}, writing{};
  std::array<std::uint64_t, kMaxBudgets> direct{};
  for (std::uint32_t number = 1; number < header.records_touched; number++) {
    Word word = word_of(control, number);
    if (!word.resident() || !belongs_to(header, word.budget, full)) continue;
    const Record& r = control.record(number);
    std::uint64_t bytes = r.granules() * kGranule;
    direct[word.budget] += bytes;
    std::uint64_t holders = r.holders.load(std::memory_order_relaxed);
    for (; holders != 0; holders &= holders - 1) pinned[static_cast<std::size_t>(__builtin_ctzll(holders))] += bytes;
    if (word.state == State::kCreated && word.client < kMaxClients) writing[word.client] += bytes;
  }
  std::string text = describe(header, full) + " holds " + human_bytes(header.budgets[full].used_bytes) + " of " +
                     human_bytes(limit_of(control, full));
  auto most = std::max_element(direct.begin(), direct.end());
  auto holder = static_cast<std::uint32_t>(most - direct.begin());
  if (*most > 0 && holder != full) text += ", most of it in " + describe(header, holder) + " (" + human_bytes(*most) + ")";
  for (std::size_t client = 0; client < kMaxClients; client++) {
    std::string pid = " by process " + std::to_string(header.clients[client].pid);
    if (pinned[client] > 0) text += ", " + human_bytes(pinned[client]) + " pinned" + pid;
    if (writing[client] > 0) text += ", " + human_bytes(writing[client]) + " being written" + pid;
  }
  return text;
}

}  // namespace partita::store
