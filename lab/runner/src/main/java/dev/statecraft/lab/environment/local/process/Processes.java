package dev.statecraft.lab.environment.local.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The child processes of one cluster. They are killed on {@link #close}, and also when this process is killed: a shell,
 * the watchdog, reads the registrations of children and network namespaces from a pipe, and when the pipe closes it
 * kills and deletes what is still registered. A parent-death signal (prctl(2)) would work on Linux only, and fires when
 * the parent thread exits, not the process. Thread-safe.
 */
public final class Processes implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 10;
  private static final String WATCHDOG_SCRIPT = """
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

  @GuardedBy("this")
  private final List<Process> children = new ArrayList<>();
  @GuardedBy("this")
  private @Nullable Process watchdog;
  @GuardedBy("this")
  private boolean closed;

  /**
   * Starts a child.
   *
   * @throws IOException if the command cannot be started
   * @throws IllegalStateException after {@link #close}
   */
  synchronized Process start(ProcessBuilder builder) throws IOException {
    Process running = watchdog();
    Process child = builder.start();
    children.add(child);
    send(running, "watch", Long.toString(child.pid()));
    return child;
  }

  /** Deletes a network namespace when all children have exited. */
  synchronized void deleteNamespaceOnClose(String namespace) throws IOException {
    send(watchdog(), "remove", namespace);
  }

  @GuardedBy("this")
  private Process watchdog() throws IOException {
    if (closed) {
      throw new IllegalStateException("the processes are closed");
    }
    Process started = watchdog;
    if (started == null) {
      started = new ProcessBuilder("/bin/sh", "-c", WATCHDOG_SCRIPT).redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
      watchdog = started;
    }
    return started;
  }

  /** Kills a child (SIGKILL) and waits for its exit. */
  void kill(Process child) throws InterruptedException {
    destroy(child);
    if (!child.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "process " + child.pid() + " did not exit within " + TIMEOUT_SECONDS + " s of SIGKILL");
    }
    forget(child);
  }

  /**
   * Sends a signal to a child, by its name without SIG, such as STOP. Java itself can send only TERM and KILL.
   *
   * @throws IllegalStateException if it cannot be sent
   */
  static void signal(Process child, String name) throws InterruptedException {
    try {
      CommandRunner.run(null, List.of("/bin/sh", "-c", "kill -" + name + " " + child.pid()));
    } catch (IOException e) {
      throw new IllegalStateException("cannot send SIG" + name + " to process " + child.pid(), e);
    }
  }

  /** Terminates a child (SIGTERM), and kills it after the timeout; returns whether it exited by itself. */
  boolean terminate(Process child, long timeoutSeconds) throws InterruptedException {
    child.destroy();
    boolean exited = child.waitFor(timeoutSeconds, TimeUnit.SECONDS);
    kill(child);
    return exited;
  }

  @Override
  public synchronized void close() {
    closed = true;
    children.forEach(Processes::destroy);
    boolean interrupted = false;
    for (Process child : List.copyOf(children)) {
      try {
        child.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      forget(child);
    }
    Process running = watchdog;
    if (running != null) {
      try {
        running.getOutputStream().close();
        running.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (IOException e) {
        running.destroyForcibly();
      } catch (InterruptedException e) {
        interrupted = true;
      }
      watchdog = null;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills a child and its descendants: a JVM that writes its AOT cache starts a second one. */
  private static void destroy(Process child) {
    List<ProcessHandle> descendants = child.descendants().toList();
    child.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  private synchronized void forget(Process child) {
    Process running = watchdog;
    if (children.remove(child) && running != null) {
      send(running, "forget", Long.toString(child.pid()));
    }
  }

  private static void send(Process watchdog, String verb, String argument) {
    try {
      OutputStream out = watchdog.getOutputStream();
      out.write((verb + " " + argument + "\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the watchdog process of the cluster has exited", e);
    }
  }
}
