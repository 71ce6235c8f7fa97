package dev.statecraft.gateway.adversary;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a hostile client does with one connection after another. */
enum Attack {
  SLOW_READERS("read an endless answer, one byte in 100 ms") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      connection.send(get("/shop/endless")).readSlowly(100);
    }
  },
  STOPPED_READERS("ask for an endless answer and read nothing") {
    @Override
    void abuse(HostileConnection connection) throws IOException, InterruptedException {
      connection.send(get("/shop/endless")).stall();
    }
  },
  PIPELINES("send 200 requests at once and read nothing") {
    @Override
    void abuse(HostileConnection connection) throws IOException, InterruptedException {
      connection.send(get("/shop/x").repeat(200)).stall();
    }
  },
  SLOW_HEADS("send the head of a request, one byte in 50 ms") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      connection.sendSlowly(get("/shop/x?" + "x".repeat(1_000)), 50);
    }
  },
  SLOW_SENDERS("send a short body, one byte in 50 ms") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      connection.send(post("Content-Length: 1000")).sendSlowly("x".repeat(1_000), 50);
    }
  },
  CHUNK_FLOODS("send a body of 65,000 chunks of one byte and stop") {
    @Override
    void abuse(HostileConnection connection) throws IOException, InterruptedException {
      connection.send(post("Transfer-Encoding: chunked")).send(CHUNKS).stall();
    }
  },
  STALLED_UPLOADS("send half of a body of 1 MB and stop") {
    @Override
    void abuse(HostileConnection connection) throws IOException, InterruptedException {
      connection.send(post("Content-Length: 1000000")).send(HALF_UPLOAD).stall();
    }
  },
  UPLOADS_TO_SILENT_SERVICE("upload to a resource that does not read") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      connection.send("POST /shop/unread HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")
          .send(new byte[1_000_000]).readToEnd();
    }
  },
  COOKIE_TOSSING("send forged affinity and session cookies in several lines") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      String forged = "Cookie: STATECRAFT_AFFINITY=k1.node.7.user.signature\r\nCookie: SESSION=stolen\r\n";
      connection.send("GET /shop/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + forged.repeat(20) + "\r\n")
          .readToEnd();
    }
  },
  HEADER_FLOODS("send requests with heads that are as large as they may be") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      String fields = "X-Flood: x\r\n".repeat(90) + "X-Large: " + "x".repeat(7_000) + "\r\n";
      connection.send(("GET /shop/x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n").repeat(8))
          .send("X: y\r\n".repeat(5_000))
          .readToEnd();
    }
  },
  ABORTED_REQUESTS("reset the connection after a request or half of an upload") {
    @Override
    void abuse(HostileConnection connection) throws IOException, InterruptedException {
      connection.resetAtClose();
      connection.send(get("/shop/x")).send(post("Content-Length: 1000000")).send(new byte[200_000]);
      Pause.millis(ABORT_MILLIS);
    }
  },
  ABORTED_WAITS("reset the connection while the service works") {
    @Override
    void abuse(HostileConnection connection) throws IOException, InterruptedException {
      connection.resetAtClose();
      connection.send(get("/shop/never"));
      Pause.millis(ABORT_MILLIS);
    }
  },
  HALF_CLOSED_SOCKETS("close the sending side in the middle of a request or before the answer") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      connection.send(post("Content-Length: 1000000")).send(new byte[200_000]);
      connection.closeOutput();
      connection.readToEnd();
    }
  },
  HOPELESS_DEADLINES("ask for an answer in no time") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      connection.send(post("X-Deadline-Millis: 0\r\nContent-Length: 0"))
          .send(post("X-Deadline-Millis: 1\r\nConnection: close\r\nContent-Length: 0")).readToEnd();
    }
  },
  SLOW_RESOURCES("ask for a resource that never answers") {
    @Override
    void abuse(HostileConnection connection) throws IOException {
      connection.send(get("/shop/never")).readToEnd();
    }
  };

  /** Between two requests of one client. Without a pause, the clients and the nodes would take all CPU time. */
  private static final int ABORT_MILLIS = 200;
  private static final int SMALL_RECEIVE_BYTES = 4 * 1024;
  private static final byte[] CHUNKS = "1\r\nx\r\n".repeat(65_000).getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] HALF_UPLOAD = new byte[500_000];

  private final String description;

  Attack(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** Size of the receive buffer of each connection; 0 for the system's default. */
  int receiveBytes() {
    return this == SLOW_READERS || this == STOPPED_READERS || this == PIPELINES ? SMALL_RECEIVE_BYTES : 0;
  }

  /** Uses one connection, until the client is through with it or the attack is over. */
  abstract void abuse(HostileConnection connection) throws IOException, InterruptedException;

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String post(String framing) {
    return "POST /shop/x HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n";
  }
}
