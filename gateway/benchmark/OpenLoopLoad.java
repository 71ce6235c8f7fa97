import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends GETs at a constant rate, whatever the answers do, and prints p50 and p99 in microseconds. The time of a request
 * counts from when it was due, so waiting behind a slow answer counts too. The requests are dealt to the connections in
 * turn; the first second is not counted.
 *
 * <p>{@code java OpenLoopLoad.java PORT PATH REQUESTS_PER_SECOND CONNECTIONS SECONDS}
 */
final class OpenLoopLoad {
  private OpenLoopLoad() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    int rate = Integer.parseInt(arguments[2]);
    int connections = Integer.parseInt(arguments[3]);
    long requests = (long) rate * (Integer.parseInt(arguments[4]) + 1);
    byte[] request = ("GET " + arguments[1] + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
    long nanosPerRequest = 1_000_000_000L / rate;
    long start = System.nanoTime() + 200_000_000L;
    List<long[]> times = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      int own = i;
      long[] results = new long[(int) ((requests - own + connections - 1) / connections)];
      times.add(results);
      threads.add(Thread.ofPlatform().start(() -> {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.setTcpNoDelay(true);
          InputStream in = new BufferedInputStream(socket.getInputStream());
          for (int n = 0; n < results.length; n++) {
            long due = start + (own + (long) n * connections) * nanosPerRequest;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
              LockSupport.parkNanos(left);
            }
            socket.getOutputStream().write(request);
            readAnswer(in);
            results[n] = System.nanoTime() - due;
          }
        } catch (IOException | RuntimeException failed) {
          synchronized (failures) {
            failures.add(failed);
          }
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      System.err.println("OpenLoopLoad: " + failures.size() + " connections failed: " + failures.getFirst());
      System.exit(1);
    }
    int uncounted = rate / connections;
    long[] all = times.stream().flatMapToLong(own -> Arrays.stream(own).skip(uncounted)).sorted().toArray();
    System.out.println(all[all.length / 2] / 1_000 + " " + all[(int) (all.length * 0.99)] / 1_000);
  }

  private static void readAnswer(InputStream in) throws IOException {
    int length = -1;
    String line = readLine(in);
    if (!line.startsWith("HTTP/1.1 200")) {
      throw new IOException("unexpected answer: " + line);
    }
    for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    if (in.readNBytes(length).length < length) {
      throw new IOException("the connection ended in the body");
    }
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection ended");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
