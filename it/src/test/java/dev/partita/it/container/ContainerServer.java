// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.container;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.ServerDirectory;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes the server that Arquillian starts, before Arquillian looks for it, and signs its calls in.
 * The server is ours in all but this: Arquillian adds the application while it runs, so it is not
 * there at the start, changes are watched for, and the server can be told to stop.
 */
final class ContainerServer implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    if (System.getProperty("partita.root") == null) {
      return; // the second run of the same class, inside the server
    }
    if (System.getProperty("arquillian.serverName") != null) {
      return; // another class of this run made it, and Arquillian keeps it to the end
    }
    Checkout checkout = Checkout.find();
    int port = ServerProcess.freePort();
    // Arquillian finds its server among all on this machine by name.
    String name = "partita" + port;
    ServerDirectory made = ServerDirectory.create(checkout, "container");
    made.configure(Map.of("partita.http.port", Integer.toString(port)));
    Path server = made.server().resolveSibling(name);
    Files.move(made.server(), server);
    adapt(server);
    System.setProperty("arquillian.liberty", checkout.liberty().toString());
    System.setProperty("arquillian.userDir", made.userDir().toString());
    System.setProperty("arquillian.serverName", name);
    System.setProperty("arquillian.port", Integer.toString(port));
    System.setProperty("arquillian.nativeCache", checkout.nativeCache().toString());
    signIn(server.resolve("partita-credentials.json"));
  }

  private static void adapt(Path server) throws IOException {
    Files.delete(server.resolve("apps/partita.war"));
    replace(
        server.resolve("server.xml"),
        "(?s)<webApplication .*?</webApplication>",
        """
        <featureManager><feature>localConnector-1.0</feature></featureManager>
        """);
    replace(server.resolve("server.xml"), "updateTrigger=\"disabled\"", "updateTrigger=\"polled\"");
    // Arquillian watches over JMX, whose objects Partita never accepts.
    replace(
        server.resolve("jvm.options"),
        "java\\.base/\\*;",
        "java.base/*;java.rmi/*;java.management/*;java.management.rmi/*;");
    replace(server.resolve("bootstrap.properties"), "(?m)^command.port=.*$", "");
  }

  private static void replace(Path file, String pattern, String replacement) throws IOException {
    String text = Files.readString(file);
    String changed = text.replaceAll(pattern, replacement);
    if (changed.equals(text)) {
      throw new IllegalStateException("Nothing in " + file + " matches " + pattern);
    }
    Files.writeString(file, changed);
  }

  /** The servlet that runs the tests lies behind the same doors as everything else. */
  private static void signIn(Path credentials) {
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            Credentials admin = Credentials.read(credentials, "admin");
            return new PasswordAuthentication(admin.user(), admin.password().toCharArray());
          }
        });
  }
}
