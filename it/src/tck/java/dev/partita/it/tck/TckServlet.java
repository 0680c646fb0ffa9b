// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs the TCK's tests in the server it is deployed to, once: {@code POST} the names of their
 * classes, a line each; then {@code GET} says 204 until the {@link TckResult} is there. {@code GET
 * ?log} lists the tests that ended.
 */
@WebServlet("/tck")
public final class TckServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Resource(lookup = "java:comp/DefaultContextService")
  private transient @Nullable ContextService contexts;

  private final transient AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
  private final transient AtomicReference<@Nullable String> result = new AtomicReference<>();
  private final transient Queue<String> log = new ConcurrentLinkedQueue<>();

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<String> classes =
        new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    if (contexts == null) {
      throw new IllegalStateException("The container gave no contexts");
    }
    // As code of the application runs: its class loader, its names, its transactions.
    Thread thread = new Thread(contexts.contextualRunnable(() -> run(classes)), "tck");
    if (!runner.compareAndSet(null, thread)) {
      response.sendError(HttpServletResponse.SC_CONFLICT, "The TCK runs already");
      return;
    }
    thread.start();
    response.setStatus(HttpServletResponse.SC_ACCEPTED);
  }

  private void run(List<String> classes) {
    try {
      result.set(TckRun.of(classes, log::add).text());
    } catch (RuntimeException | Error e) {
      result.set(new TckResult(0, 0, 1, 0, List.of("The run itself: " + e)).text());
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String text = request.getParameter("log") != null ? String.join("\n", log) : result.get();
    if (text == null) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    response.setContentType("text/plain;charset=UTF-8");
    response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
