// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads a request's body, whether or not its length was announced, and never more than allowed. */
public final class BodyReader {
  private BodyReader() {}

  /**
   * The whole body.
   *
   * @throws PartitaException TOO_LARGE as soon as one byte too many was read
   */
  public static byte[] bytes(InputStream body, int limitBytes) throws IOException {
    byte[] bytes = body.readNBytes(limitBytes + 1);
    if (bytes.length > limitBytes) {
      throw new PartitaException(
          ErrorCode.TOO_LARGE, "the body is larger than " + limitBytes + " bytes");
    }
    return bytes;
  }

  /**
   * The whole body as UTF-8.
   *
   * @throws PartitaException TOO_LARGE, or INVALID_ARGUMENT when it is not UTF-8
   */
  public static String text(InputStream body, int limitBytes) throws IOException {
    byte[] bytes = bytes(body, limitBytes);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new PartitaException(ErrorCode.INVALID_ARGUMENT, "the body is not UTF-8", e);
    }
  }
}
