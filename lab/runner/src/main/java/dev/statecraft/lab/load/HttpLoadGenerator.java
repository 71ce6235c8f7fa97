package dev.statecraft.lab.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open-loop load of one GET request. Each request is due when {@link Arrivals} says so, independent of answers, and
 * its latency counts from then, so that there is no coordinated omission (Gil Tene). A request without a free
 * connection waits for one. A request is abandoned at its deadline; if it was sent, its connection is closed.
 *
 * <p>The generator shares a machine with the service that it measures, so it must use far less CPU: a few event loops
 * each own a share of the requests and connections, without shared threads or locks. On Linux it uses epoll, which can
 * wait for less than a millisecond; Java's selector would have to spin.
 */
public final class HttpLoadGenerator {
  /** How late a deadline may be noticed. */
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration COMPLETION_MARGIN = Duration.ofSeconds(30);
  private static final long SHUTDOWN_TIMEOUT_SECONDS = 10;

  private final Arrivals arrivals;
  private final Duration deadline;
  private final Consumer<Exchange> sink;
  private final Bootstrap bootstrap;
  private final byte[] request;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final long began = System.nanoTime();

  private HttpLoadGenerator(URI uri, Arrivals arrivals, Duration deadline, Consumer<Exchange> sink) {
    this.arrivals = arrivals;
    this.deadline = deadline;
    this.sink = sink;
    this.bootstrap = new Bootstrap().channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(deadline.toMillis()))
        .remoteAddress(new InetSocketAddress(uri.getHost(), uri.getPort()));
    String query = uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery();
    this.request = ("GET " + uri.getRawPath() + query + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Offers the load and returns when every request has ended.
   *
   * @param uri the plain HTTP URI to request, with a port
   * @param connections the maximum number of open connections; at least one for each loop
   * @param deadline how long a request waits for a connection, and then for its answer
   * @param loops the number of sending threads
   * @param sink receives each request when it has ended; called concurrently by the loops, must not block
   * @throws IllegalStateException if the generator itself failed, so that its figures are invalid
   */
  public static void run(URI uri, Arrivals arrivals, int connections, Duration deadline, int loops,
      Consumer<Exchange> sink) throws InterruptedException {
    if (loops < 1 || connections < loops) {
      throw new IllegalArgumentException(connections + " connections are too few for " + loops + " loops");
    }
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("load", true),
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    HttpLoadGenerator load = new HttpLoadGenerator(uri, arrivals, deadline, sink);
    try {
      List<Worker> workers = new ArrayList<>();
      for (int number = 0; number < loops; number++) {
        workers.add(load.new Worker(group.next(), number, loops, connections / loops));
      }
      workers.forEach(worker -> worker.loop.execute(worker::tick));
      load.await(workers);
    } finally {
      // The loops do not close connections; the service would hold them during the next load.
      load.channels.close().await(SHUTDOWN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      group.shutdownGracefully(0, SHUTDOWN_TIMEOUT_SECONDS, TimeUnit.SECONDS).await(SHUTDOWN_TIMEOUT_SECONDS,
          TimeUnit.SECONDS);
    }
  }

  private void await(List<Worker> workers) throws InterruptedException {
    Duration timeout = arrivals.warmUp().plus(arrivals.measured()).plus(deadline.multipliedBy(2))
        .plus(COMPLETION_MARGIN);
    try {
      for (Worker worker : workers) {
        worker.ended.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load generator failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("requests were still open " + timeout.toSeconds() + " s after the start", e);
    }
  }

  /** Nanoseconds since measuring began. */
  private long now() {
    return System.nanoTime() - began - arrivals.warmUp().toNanos();
  }

  private long due(long index) {
    return arrivals.due(index) - arrivals.warmUp().toNanos();
  }

  /** A request that is in flight, or was answered within the deadline. */
  private record Sent(long due, long at, Connection connection) {}

  /** One event loop's share of the requests and connections. Confined to the loop. */
  private final class Worker {
    private final EventLoop loop;
    private final int step;
    private final int maxConnections;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Deque<Connection> free = new ArrayDeque<>();
    /** Requests sent within the last deadline, in order; includes all that are in flight. */
    private final Deque<Sent> recent = new ArrayDeque<>();
    private long next;
    private int open;
    private int inFlight;

    Worker(EventLoop loop, int first, int step, int maxConnections) {
      this.loop = loop;
      this.next = first;
      this.step = step;
      this.maxConnections = maxConnections;
    }

    void tick() {
      guarded(() -> {
        expireRequests();
        send();
        boolean allSent = next >= arrivals.count();
        if (allSent && inFlight == 0) {
          ended.complete(null);
          return;
        }
        long untilDue = allSent ? TICK.toNanos() : due(next) - now();
        var _ = loop.schedule(this::tick, untilDue > 0 ? Math.min(untilDue, TICK.toNanos()) : TICK.toNanos(),
            TimeUnit.NANOSECONDS);
      });
    }

    /** Runs the task unless the worker has ended. An exception fails the run. */
    void guarded(Runnable task) {
      if (ended.isDone()) {
        return;
      }
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        ended.completeExceptionally(e);
      }
    }

    /** Sends the requests that are due, oldest first, while connections are available. */
    void send() {
      long now = now();
      while (next < arrivals.count() && due(next) <= now) {
        if (now - due(next) >= deadline.toNanos()) {
          sink.accept(new Exchange(due(next), now, now, 0));
        } else if (!free.isEmpty()) {
          Connection connection = free.pop();
          assign(now, connection);
          connection.write();
        } else if (open < maxConnections) {
          Connection connection = new Connection(this);
          assign(now, connection);
          connection.open();
        } else {
          return;
        }
        next += step;
      }
    }

    private void assign(long now, Connection connection) {
      Sent sent = new Sent(due(next), now, connection);
      connection.current = sent;
      recent.add(sent);
      inFlight++;
    }

    private void expireRequests() {
      long sentBefore = now() - deadline.toNanos();
      for (Sent oldest = recent.peek(); oldest != null && oldest.at() <= sentBefore; oldest = recent.peek()) {
        recent.remove();
        oldest.connection().expire(oldest);
      }
    }

    private void finish(Sent sent, int status) {
      inFlight--;
      sink.accept(new Exchange(sent.due(), sent.at(), now(), status));
    }
  }

  /** One connection with at most one request in flight. Confined to its worker's loop. */
  private final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private final Worker worker;
    private @Nullable Channel channel;
    private @Nullable Sent current;
    private int status;
    /** Whether the connection may be reused after the current answer. */
    private boolean keepAlive = true;

    Connection(Worker worker) {
      this.worker = worker;
    }

    void open() {
      worker.open++;
      ChannelFuture opening = bootstrap.clone(worker.loop).handler(new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel created) {
          channels.add(created);
          created.pipeline().addLast(new HttpResponseDecoder(), Connection.this);
        }
      }).connect();
      channel = opening.channel();
      opening.addListener((ChannelFutureListener) opened -> worker.guarded(() -> {
        if (opened.isSuccess()) {
          write();
        } else {
          closed();
        }
      }));
    }

    void write() {
      if (channel != null) {
        var _ = channel.writeAndFlush(channel.alloc().ioBuffer(request.length).writeBytes(request),
            channel.voidPromise());
      }
    }

    /** Closes the connection if the request is unanswered, or if the service should have closed it by now. */
    void expire(Sent sent) {
      if (channel != null && (sent.equals(current) || !keepAlive)) {
        var _ = channel.close();
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
      if (part.decoderResult().isFailure()) {
        var _ = context.close();
        return;
      }
      if (part instanceof HttpResponse response) {
        status = response.status().code();
        keepAlive = HttpUtil.isKeepAlive(response);
      }
      Sent answered = current;
      if (part instanceof LastHttpContent && answered != null) {
        worker.guarded(() -> {
          current = null;
          worker.finish(answered, status);
          if (keepAlive) {
            worker.free.push(this);
            worker.send();
          }
        });
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      worker.guarded(this::closed);
    }

    private void closed() {
      worker.open--;
      worker.free.remove(this);
      Sent unanswered = current;
      if (unanswered != null) {
        current = null;
        worker.finish(unanswered, 0);
      }
      worker.send();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!(cause instanceof IOException)) {
        worker.ended.completeExceptionally(cause);
      }
      var _ = context.close();
    }
  }
}
