// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.util.regex.Pattern;

/**
 * The variables of server.xml, as far as the server itself would start with a wrong one: without a
 * port, without a database, or open wider than it should be. Elsewhere than in the server they are
 * not there and not checked.
 */
final class ServerVariables {
  private static final int MAX_PORT = 65_535;
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[?::1]?");

  private enum Database {
    H2,
    POSTGRESQL
  }

  private ServerVariables() {}

  static boolean loopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  static void check(ConfigReader keys, JobsConfig jobs, DoorsConfig doors) {
    if (keys.isSet("partita.http.port")) {
      keys.integer("partita.http.port", 1, MAX_PORT);
    }
    if (keys.isSet("partita.database")) {
      Database database = keys.choice("partita.database", Database.class);
      if (database == Database.H2 && jobs.partitionPermits() == 0) {
        keys.problem(
            "partita.jobs.partition-permits is '0', which leaves partitions to other pods, but with"
                + " partita.database=h2 there are none; set it to 1 or more");
      }
    }
    if (keys.isSet("partita.database.connections")) {
      keys.integer("partita.database.connections", 2, 10_000);
    }
    if (keys.isSet("partita.https") && keys.flag("partita.https")) {
      checkTls(keys, doors);
    }
  }

  /** With profiles/tls.xml. */
  private static void checkTls(ConfigReader keys, DoorsConfig doors) {
    keys.integer("partita.https.port", 1, MAX_PORT);
    // Missing, it would be the text of tls.xml; the server makes no key store with a shorter one.
    if (keys.text("partita.keystore.password").length() < 6
        && keys.isSet("partita.keystore.password")) {
      keys.problem("partita.keystore.password has less than 6 characters");
    }
    String host = keys.text("partita.https.host");
    if (doors.anonymousInference() && !LOOPBACK.matcher(host).matches()) {
      keys.problem(
          "partita.inference.anonymous is 'true', which is for loopback only, but partita.https.host"
              + " is '"
              + host
              + "'; set it to false, or partita.https.host to 127.0.0.1");
    }
  }
}
