package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The child processes of one cluster. All of them end with {@link #close}, and also where this process is itself killed
 * without warning: a small shell, the warden, is told of each child and holds the reading end of a pipe; when the pipe
 * closes it kills those that it was told of and not told to forget, and removes the network namespaces that it was told
 * of. (A kernel's parent-death signal would do the same on Linux alone, and fires when the starting thread ends, not
 * the process.) Thread-safe.
 */
public final class Processes implements AutoCloseable {
  private static final long GRACE_SECONDS = 10;
  private static final String WARDEN = """
      trap '' INT TERM HUP
      pids=' '
      namespaces=''
      while read -r verb pid; do
        case $verb in
          watch) pids="$pids$pid " ;;
          forget) case $pids in *" $pid "*) pids="${pids%%" $pid "*} ${pids#*" $pid "}" ;; esac ;;
          remove) namespaces="$namespaces $pid" ;;
        esac
      done
      for pid in $pids; do kill -KILL "$pid"; done 2>/dev/null
      PATH="$PATH:/usr/sbin:/sbin"
      for namespace in $namespaces; do ip netns delete "$namespace"; done 2>/dev/null
      """;

  private final List<Process> children = new ArrayList<>();
  private @Nullable Process warden;
  private boolean closed;

  /**
   * Starts a child.
   *
   * @throws IOException where the command cannot be started
   * @throws IllegalStateException after {@link #close}
   */
  synchronized Process start(ProcessBuilder builder) throws IOException {
    Process guard = warden();
    Process child = builder.start();
    children.add(child);
    tell(guard, "watch", Long.toString(child.pid()));
    return child;
  }

  /** Has a network namespace removed once all children have ended. */
  synchronized void removeInTheEnd(String namespace) throws IOException {
    tell(warden(), "remove", namespace);
  }

  private Process warden() throws IOException {
    if (closed) {
      throw new IllegalStateException("the cluster is being stopped");
    }
    Process guard = warden;
    if (guard == null) {
      guard = new ProcessBuilder("/bin/sh", "-c", WARDEN).redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
      warden = guard;
    }
    return guard;
  }

  /** Ends a child at once (SIGKILL): it runs no shutdown hook and flushes nothing. */
  void kill(Process child) throws InterruptedException {
    destroy(child);
    await(child);
    forget(child);
  }

  /**
   * Sends a child a signal by its name without SIG, such as STOP. Java itself can send no other than TERM and KILL.
   *
   * @throws IllegalStateException where it cannot be sent
   */
  static void signal(Process child, String name) throws InterruptedException {
    try {
      Process sender = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + child.pid())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      if (!sender.waitFor(GRACE_SECONDS, TimeUnit.SECONDS) || sender.exitValue() != 0) {
        throw new IllegalStateException("cannot send SIG" + name + " to process " + child.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send SIG" + name, e);
    }
  }

  /** Asks a child to end (SIGTERM) and kills it where it does not within the time; whether it ended by itself. */
  boolean terminate(Process child, long seconds) throws InterruptedException {
    child.destroy();
    boolean ended = child.waitFor(seconds, TimeUnit.SECONDS);
    kill(child);
    return ended;
  }

  @Override
  public synchronized void close() {
    closed = true;
    children.forEach(Processes::destroy);
    boolean interrupted = false;
    for (Process child : List.copyOf(children)) {
      try {
        child.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      forget(child);
    }
    Process guard = warden;
    if (guard != null) {
      try {
        guard.getOutputStream().close();
        guard.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
      } catch (IOException e) {
        guard.destroyForcibly();
      } catch (InterruptedException e) {
        interrupted = true;
      }
      warden = null;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** With what it started itself: a JVM that writes its AOT cache lets a second one do it. */
  private static void destroy(Process child) {
    List<ProcessHandle> descendants = child.descendants().toList();
    child.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  private static void await(Process child) throws InterruptedException {
    if (!child.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("process " + child.pid() + " did not end when it was killed");
    }
  }

  private synchronized void forget(Process child) {
    Process guard = warden;
    if (children.remove(child) && guard != null) {
      tell(guard, "forget", Long.toString(child.pid()));
    }
  }

  private static void tell(Process warden, String verb, String what) {
    try {
      OutputStream out = warden.getOutputStream();
      out.write((verb + " " + what + "\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the process that watches over the cluster is gone", e);
    }
  }
}
