// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LenientQueryTest {
  @Test
  void onlyWhatNoUriMayHoldIsEncoded() {
    assertThat(LenientQuery.encoded("createTime=>3d&jobInstanceId=<9,7:8&a=%3E+b"))
        .isEqualTo("createTime=%3e3d&jobInstanceId=%3c9,7:8&a=%3E+b");
  }
}
