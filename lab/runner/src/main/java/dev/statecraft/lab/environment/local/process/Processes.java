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

  private final List<Process> children = new ArrayList<>();
  private @Nullable Process watchdog;
  private boolean closed;

  /**
   * Starts a child.
   *
   * @throws IOException if the command cannot be started
   * @throws IllegalStateException after {@link #close}
   */
  synchronized Process start(ProcessBuilder builder) throws IOException {
    Process reader = watchdog();
    Process child = builder.start();
    children.add(child);
    send(reader, "watch", Long.toString(child.pid()));
    return child;
  }

  /** Deletes a network namespace when all children have exited. */
  synchronized void deleteNamespaceOnClose(String namespace) throws IOException {
    send(watchdog(), "remove", namespace);
  }

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
    await(child);
    forget(child);
  }

  /**
   * Sends a signal to a child, by its name without SIG, such as STOP. Java itself can send only TERM and KILL.
   *
   * @throws IllegalStateException if it cannot be sent
   */
  static void signal(Process child, String name) throws InterruptedException {
    try {
      Process sender = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + child.pid())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      if (!sender.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || sender.exitValue() != 0) {
        throw new IllegalStateException("cannot send SIG" + name + " to process " + child.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send SIG" + name, e);
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
    Process reader = watchdog;
    if (reader != null) {
      try {
        reader.getOutputStream().close();
        reader.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (IOException e) {
        reader.destroyForcibly();
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

  private static void await(Process child) throws InterruptedException {
    if (!child.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "process " + child.pid() + " did not exit within " + TIMEOUT_SECONDS + " s of SIGKILL");
    }
  }

  private synchronized void forget(Process child) {
    Process reader = watchdog;
    if (children.remove(child) && reader != null) {
      send(reader, "forget", Long.toString(child.pid()));
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
