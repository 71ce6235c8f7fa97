package dev.statecraft.service.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fake of the services that the service under test calls. A path answers 200 unless a test makes it answer another
 * status or hang until the client disconnects. The peers of the relay: {@code /relay} forwards to the service under
 * test, {@code /liar} also alters the reply.
 */
public final class Downstream {
  private static final int HANGS = 0;
  private static final int FORWARDS = 1;
  private static final int ALTERS = 2;

  private final ServerSocket listening;
  private final Map<String, Integer> behaviours = new ConcurrentHashMap<>();
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger maxOpen = new AtomicInteger();
  private final AtomicInteger abandoned = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile int port;

  Downstream() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("downstream").start(this::accept);
  }

  /** Resets what earlier tests have set and recorded. */
  void reset(int servicePort) {
    behaviours.clear();
    behaviours.putAll(Map.of("/relay", FORWARDS, "/liar", ALTERS, "/hanging", HANGS, "/failing", 500));
    requests.clear();
    maxOpen.set(0);
    abandoned.set(0);
    gate = new CountDownLatch(0);
    port = servicePort;
  }

  /** The URL of a path. */
  String url(String path) {
    return "http://127.0.0.1:" + listening.getLocalPort() + path;
  }

  /** Makes a path answer a status. */
  public void answer(String path, int status) {
    behaviours.put(path, status);
  }

  /** Makes a path hang until the client disconnects. */
  public void hang(String path) {
    behaviours.put(path, HANGS);
  }

  /** Holds all answers until this number of requests has arrived. */
  public void answerAfter(int count) {
    gate = new CountDownLatch(count);
  }

  /** All requests since the last reset. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Largest number of concurrent requests since the last reset. */
  public int maxConcurrent() {
    return maxOpen.get();
  }

  /** Number of hanging requests whose client has disconnected. */
  public int abandoned() {
    return abandoned.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Request request = read(socket);
      requests.add(request);
      maxOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
      try {
        gate.countDown();
        if (!gate.await(30, TimeUnit.SECONDS)) {
          throw new IOException("The other requests did not arrive.");
        }
        behave(request, socket);
      } finally {
        open.decrementAndGet();
      }
    } catch (IOException | InterruptedException e) {
      // The client sees the closed connection.
    }
  }

  private void behave(Request request, Socket socket) throws IOException, InterruptedException {
    int behaviour = behaviours.getOrDefault(request.path(), 200);
    switch (behaviour) {
      case HANGS -> awaitDisconnect(socket);
      case FORWARDS, ALTERS -> {
        HttpResponse<String> answer = forward(request);
        String body = behaviour == ALTERS ? answer.body().replace("payload", "PAYLOAD") : answer.body();
        write(socket, answer.statusCode(), answer.headers().firstValue("X-Envelope-Signature").orElse(""), body);
      }
      default -> write(socket, behaviour, "", "{}");
    }
  }

  private void awaitDisconnect(Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {
        // Discards what the client sends.
      }
    } catch (IOException reset) {
      // Disconnected as well.
    }
    abandoned.incrementAndGet();
  }

  private HttpResponse<String> forward(Request request) throws IOException, InterruptedException {
    return ServiceUnderTest.CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/relay"))
        .header("X-Envelope-Signature", request.header("x-envelope-signature"))
        .header("X-Deadline-Millis", request.header("x-deadline-millis"))
        .POST(BodyPublishers.ofString(request.body())).build(), BodyHandlers.ofString());
  }

  private static Request read(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = socket.getInputStream().read();
      if (read < 0) {
        throw new IOException("The connection ended within the head of a request.");
      }
      head.append((char) read);
    }
    Request headOnly = new Request(head.toString(), "");
    String length = headOnly.header("content-length");
    byte[] body = socket.getInputStream().readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
    return new Request(head.toString(), new String(body, StandardCharsets.UTF_8));
  }

  private static void write(Socket socket, int status, String signature, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head = "HTTP/1.1 " + status + " Any\r\nConnection: close\r\nX-Served-By: downstream\r\n"
        + "Content-Type: application/json\r\nX-Envelope-Signature: " + signature + "\r\nContent-Length: " + bytes.length
        + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(bytes);
  }

  /** A received request. */
  public record Request(String head, String body) {
    /** Path of the request. */
    public String path() {
      return head.split(" ", 3)[1];
    }

    /** Value of a header, by its name in lower case, or an empty text. */
    public String header(String name) {
      return head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
    }
  }
}
