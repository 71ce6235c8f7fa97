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
 * Open-loop load of one GET, without users: each request is due when {@link Arrivals} says so, whatever the answers,
 * and is counted from then, so that there is no coordinated omission (Gil Tene). One that finds no free connection
 * waits for one, and is given up at its deadline; so is one that is not answered, with its connection.
 *
 * <p>It shares a machine with the service that it measures, so a request must cost it a small part of what it costs the
 * service: a few event loops, each with its share of the requests and of the connections, and no thread or lock
 * between. On Linux by epoll, which waits for less than a millisecond; Java's selector would spin instead.
 */
public final class HttpLoadGenerator {
  /** How late a request may be given up, and an answer be missed. */
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration SLACK = Duration.ofSeconds(30);
  private static final long SHUTDOWN_SECONDS = 10;

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
   * Offers the load and returns when every request is over.
   *
   * @param uri what is asked for, by plain HTTP, with its port
   * @param connections the most that are open at a time; at least one for each loop
   * @param deadline how long a request waits for a connection, and how long for its answer from then on
   * @param loops how many threads send
   * @param sink takes each request when it is over; called by each loop for itself, and must not block
   * @throws IllegalStateException where the load itself broke, so that its figures are worth nothing
   */
  public static void run(URI uri, Arrivals arrivals, int connections, Duration deadline, int loops,
      Consumer<Exchange> sink) throws InterruptedException {
    if (loops < 1 || connections < loops) {
      throw new IllegalArgumentException("each of " + loops + " loops needs one of " + connections + " connections");
    }
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("load", true),
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    HttpLoadGenerator load = new HttpLoadGenerator(uri, arrivals, deadline, sink);
    try {
      List<Lane> lanes = new ArrayList<>();
      for (int number = 0; number < loops; number++) {
        lanes.add(load.new Lane(group.next(), number, loops, connections / loops));
      }
      lanes.forEach(lane -> lane.loop.execute(lane::tick));
      load.await(lanes);
    } finally {
      // The loops would leave them open, and the service would keep them beside those of the next load.
      load.channels.close().await(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
      group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).await(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void await(List<Lane> lanes) throws InterruptedException {
    Duration longest = arrivals.warmUp().plus(arrivals.measured()).plus(deadline.multipliedBy(2)).plus(SLACK);
    try {
      for (Lane lane : lanes) {
        lane.over.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load generator broke: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("answers are still missing long after their deadline", e);
    }
  }

  /** Nanoseconds since measuring began. */
  private long now() {
    return System.nanoTime() - began - arrivals.warmUp().toNanos();
  }

  private long due(long index) {
    return arrivals.due(index) - arrivals.warmUp().toNanos();
  }

  /** A request under way, or answered not long ago. */
  private record Sent(long due, long at, Connection connection) {}

  /** One loop's share of the requests and of the connections. Confined to the loop. */
  private final class Lane {
    private final EventLoop loop;
    private final int step;
    private final int most;
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
    private final Deque<Connection> free = new ArrayDeque<>();
    /** In the order of sending, each for as long as its deadline; so all that are under way are among them. */
    private final Deque<Sent> recent = new ArrayDeque<>();
    private long next;
    private int open;
    private int underWay;

    Lane(EventLoop loop, int first, int step, int most) {
      this.loop = loop;
      this.next = first;
      this.step = step;
      this.most = most;
    }

    void tick() {
      attempt(() -> {
        expire();
        send();
        boolean sent = next >= arrivals.count();
        if (sent && underWay == 0) {
          over.complete(null);
          return;
        }
        long untilDue = sent ? TICK.toNanos() : due(next) - now();
        var _ = loop.schedule(
            this::tick, untilDue > 0 ? Math.min(untilDue, TICK.toNanos()) : TICK.toNanos(), TimeUnit.NANOSECONDS);
      });
    }

    /** Does it unless all is over; a bug there ends the run, instead of passing for a service that says nothing. */
    void attempt(Runnable part) {
      if (over.isDone()) {
        return;
      }
      try {
        part.run();
      } catch (RuntimeException | Error e) {
        over.completeExceptionally(e);
      }
    }

    /** Sends what is due, the oldest first, as long as there are connections. */
    void send() {
      long now = now();
      while (next < arrivals.count() && due(next) <= now) {
        if (now - due(next) >= deadline.toNanos()) {
          sink.accept(new Exchange(due(next), now, now, 0));
        } else if (!free.isEmpty()) {
          Connection connection = free.pop();
          take(now, connection);
          connection.write();
        } else if (open < most) {
          Connection connection = new Connection(this);
          take(now, connection);
          connection.open();
        } else {
          return;
        }
        next += step;
      }
    }

    private void take(long now, Connection connection) {
      Sent sent = new Sent(due(next), now, connection);
      connection.current = sent;
      recent.add(sent);
      underWay++;
    }

    private void expire() {
      long sentBefore = now() - deadline.toNanos();
      for (Sent oldest = recent.peek(); oldest != null && oldest.at() <= sentBefore; oldest = recent.peek()) {
        recent.remove();
        oldest.connection().endUnlessDoneWith(oldest);
      }
    }

    private void finish(Sent sent, int status) {
      underWay--;
      sink.accept(new Exchange(sent.due(), sent.at(), now(), status));
    }
  }

  /** One connection, with at most one request under way. Confined to its lane's loop. */
  private final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private final Lane lane;
    private @Nullable Channel channel;
    private @Nullable Sent current;
    private int status;
    /** False from the answer on after which the service closes it. */
    private boolean stays = true;

    Connection(Lane lane) {
      this.lane = lane;
    }

    void open() {
      lane.open++;
      ChannelFuture opening = bootstrap.clone(lane.loop).handler(new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel created) {
          channels.add(created);
          created.pipeline().addLast(new HttpResponseDecoder(), Connection.this);
        }
      }).connect();
      channel = opening.channel();
      opening.addListener((ChannelFutureListener) opened -> lane.attempt(() -> {
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

    void endUnlessDoneWith(Sent sent) {
      // One that was to be closed by the service should have been by now.
      if (channel != null && (sent.equals(current) || !stays)) {
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
        stays = HttpUtil.isKeepAlive(response);
      }
      Sent answered = current;
      if (part instanceof LastHttpContent && answered != null) {
        lane.attempt(() -> {
          current = null;
          lane.finish(answered, status);
          if (stays) {
            lane.free.push(this);
            lane.send();
          }
        });
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      lane.attempt(this::closed);
    }

    private void closed() {
      lane.open--;
      lane.free.remove(this);
      Sent unanswered = current;
      if (unanswered != null) {
        current = null;
        lane.finish(unanswered, 0);
      }
      lane.send();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!(cause instanceof IOException)) {
        lane.over.completeExceptionally(cause);
      }
      var _ = context.close();
    }
  }
}
