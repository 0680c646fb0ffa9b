// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <cstdio>

#include "status.h"

namespace partita::files {
namespace {

// Bytes of the UTF-8 character at p, of which `left` bytes are there; 0 if it is none (RFC 3629: no surrogates, nothing
// overlong, nothing above U+10FFFF).
int utf8_length(const unsigned char* p, std::int64_t left) {
  auto follows = [&](int k) { return k < left && (p[k] & 0xC0) == 0x80; };
  if (left < 1) return 0;
  if (p[0] < 0x80) return 1;
  if (p[0] >= 0xC2 && p[0] <= 0xDF) return follows(1) ? 2 : 0;
  if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F)) return 0;
    return 3;
  }
  if (p[0] >= 0xF0 && p[0] <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

void append_utf8(std::string& into, std::uint32_t c) {
  auto put = [&](std::uint32_t byte) { into.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

}  // namespace

void Json::refuse(const std::string& why) const {
  throw InvalidArgument(std::string(format_) + ": " + why + ", at byte " + std::to_string(at_) + " of the JSON");
}

void Json::skip_spaces() {
  while (at_ < bytes_ && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) at_++;
}

bool Json::take(char punctuation) {
  skip_spaces();
  if (at_ >= bytes_ || text_[at_] != punctuation) return false;
  at_++;
  return true;
}

void Json::expect(char punctuation) {
  if (!take(punctuation)) refuse(std::string("'") + punctuation + "' is missing");
}

bool Json::more(char end) {
  if (take(',')) return true;
  expect(end);
  return false;
}

std::uint32_t Json::hex4() {
  std::uint32_t value = 0;
  for (int k = 0; k < 4; k++, at_++) {
    char c = at_ < bytes_ ? text_[at_] : 'x';
    value = value << 4;
    if (c >= '0' && c <= '9') {
      value |= static_cast<std::uint32_t>(c - '0');
    } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      value |= static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      refuse("\\u needs four hexadecimal digits");
    }
  }
  return value;
}

void Json::escape(std::string& into) {
  char c = at_ < bytes_ ? text_[at_++] : '\0';
  switch (c) {
    case '"':
    case '\\':
    case '/': into.push_back(c); return;
    case 'b': into.push_back('\b'); return;
    case 'f': into.push_back('\f'); return;
    case 'n': into.push_back('\n'); return;
    case 'r': into.push_back('\r'); return;
    case 't': into.push_back('\t'); return;
    case 'u': break;
    default: refuse("an unknown escape");
  }
  std::uint32_t code = hex4();
  if (code >= 0xD800 && code <= 0xDFFF) {
    bool pair = code <= 0xDBFF && at_ + 1 < bytes_ && text_[at_] == '\\' && text_[at_ + 1] == 'u';
    if (!pair) refuse("half a surrogate pair");
    at_ += 2;
    std::uint32_t low = hex4();
    if (low < 0xDC00 || low > 0xDFFF) refuse("half a surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  if (code == 0) refuse("a NUL in a string");
  append_utf8(into, code);
}

void Json::utf8(std::string& into) {
  int length = utf8_length(reinterpret_cast<const unsigned char*>(text_) + at_, bytes_ - at_);
  if (length == 0) refuse("bytes that are not UTF-8");
  into.append(text_ + at_, static_cast<std::size_t>(length));
  at_ += length;
}

std::string Json::string() {
  expect('"');
  std::string value;
  for (;;) {
    if (at_ >= bytes_) refuse("a string without an end");
    auto c = static_cast<unsigned char>(text_[at_]);
    if (c == '"') {
      at_++;
      return value;
    }
    if (c < 0x20) refuse("a control character in a string");
    if (c == '\\') {
      at_++;
      escape(value);
    } else {
      utf8(value);
    }
  }
}

std::int64_t Json::number() {
  skip_spaces();
  std::int64_t start = at_, value = 0;
  while (at_ < bytes_ && text_[at_] >= '0' && text_[at_] <= '9') {
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text_[at_] - '0', &value)) {
      refuse("a number above 2^63 - 1");
    }
    at_++;
  }
  if (at_ == start) refuse("a whole number, not negative, is missing");
  if (at_ - start > 1 && text_[start] == '0') refuse("a number with leading zeros");
  if (at_ < bytes_ && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E')) refuse("a number that is not whole");
  return value;
}

void Json::end() {
  skip_spaces();
  if (at_ != bytes_) refuse("something after the end");
}

bool is_text(const std::string& text) {
  auto* p = reinterpret_cast<const unsigned char*>(text.data());
  for (auto left = static_cast<std::int64_t>(text.size()); left > 0;) {
    int length = utf8_length(p, left);
    if (length == 0 || *p == 0) return false;
    p += length;
    left -= length;
  }
  return true;
}

std::string json_string(const char* format, const std::string& text) {
  std::string out = "\"";
  auto* p = reinterpret_cast<const unsigned char*>(text.data());
  auto left = static_cast<std::int64_t>(text.size());
  while (left > 0) {
    int length = utf8_length(p, left);
    if (length == 0 || *p == 0) throw InvalidArgument(std::string(format) + ": a name or text that is not UTF-8");
    if (*p == '"' || *p == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(*p));
    } else if (*p < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", *p);
      out += escaped;
    } else {
      out.append(reinterpret_cast<const char*>(p), static_cast<std::size_t>(length));
    }
    p += length;
    left -= length;
  }
  return out + "\"";
}

}  // namespace partita::files
