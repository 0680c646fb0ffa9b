// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The JSON (RFC 8259) of headers and manifests, read token by token: whoever reads decides what may come next, so
// nothing nests deeper than the format does. What is not wanted throws InvalidArgument with the byte it is at.
#pragma once

#include <cstdint>
#include <string>

namespace partita::files {

class Json {
 public:
  // `format` begins every message; the text stays the caller's.
  Json(const char* format, const char* text, std::int64_t bytes) : format_(format), text_(text), bytes_(bytes) {}

  void expect(char punctuation);
  // Whether it comes next; takes it if so.
  bool take(char punctuation);
  // After an element: true for a comma, false for `end`.
  bool more(char end);
  // Unescaped UTF-8, without NUL.
  std::string string();
  // Of digits alone, without leading zeros, at most 2^63 - 1.
  std::int64_t number();
  // Nothing but spaces may follow.
  void end();
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  void skip_spaces();
  std::uint32_t hex4();
  void escape(std::string& into);
  void utf8(std::string& into);

  const char* format_;
  const char* text_;
  std::int64_t bytes_, at_ = 0;
};

// Whether it is valid UTF-8 without NUL.
bool is_text(const std::string& text);
// As a JSON string, with quotes. Throws InvalidArgument unless the text is valid UTF-8.
std::string json_string(const char* format, const std::string& text);

}  // namespace partita::files
