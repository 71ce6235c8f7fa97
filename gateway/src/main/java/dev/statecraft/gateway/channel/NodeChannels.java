package dev.statecraft.gateway.channel;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/**
 * The connections to one node for requests that the gateway writes to Netty's codec itself. Each event loop keeps its
 * idle connections. All loops together keep at most as many as the node may have: at the maximum, a loop without an
 * idle connection takes one from another loop. The caller limits the requests at the same time. Thread-safe.
 */
public final class NodeChannels implements AutoCloseable {
  private static final String HANDLER = "statecraft.node";
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final int MAX_PART_BYTES = 64 * 1024;
  /** For a node that is never connected to. */
  public static final NodeChannels NONE = new NodeChannels(0, List.of(), Duration.ZERO, System::nanoTime,
      index -> Mono.empty());

  private final int maximum;
  private final IntFunction<Mono<? extends Connection>> connector;
  private final List<LoopChannels> loops;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Makes an empty set of connections.
   *
   * @param maximum number of open connections
   * @param maxIdle time after which an idle connection is closed
   * @param connector opens a connection on the event loop with this index; it reads nothing from it
   */
  public NodeChannels(int maximum, List<EventLoop> loops, Duration maxIdle, LongSupplier nanoTime,
      IntFunction<Mono<? extends Connection>> connector) {
    this.maximum = maximum;
    this.connector = connector;
    this.loops = loops.stream().map(loop -> new LoopChannels(loop, maxIdle, nanoTime)).toList();
  }

  /** Returns the number of open connections. */
  int open() {
    return open.get();
  }

  /**
   * Gives the receiver a connection, now or later. Must run on the event loop.
   *
   * @param index of the caller's event loop
   * @param fresh whether it must be a new connection, which shows whether the node listens
   */
  public void acquire(int index, boolean fresh, ResponseReceiver receiver) {
    LoopChannels own = loops.get(index);
    NodeChannel idle = fresh ? null : own.take();
    if (idle != null) {
      idle.lend(receiver);
    } else if (!fresh && open.get() >= maximum) {
      borrow(index, 1, receiver);
    } else {
      connect(index, receiver);
    }
  }

  /** Asks the other loops in turn for an idle connection, and opens a new one if none has any. */
  private void borrow(int index, int step, ResponseReceiver receiver) {
    LoopChannels own = loops.get(index);
    if (step == loops.size()) {
      run(own, () -> connect(index, receiver));
      return;
    }
    LoopChannels other = loops.get((index + step) % loops.size());
    run(other, () -> {
      NodeChannel lent = other.take();
      if (lent == null) {
        borrow(index, step + 1, receiver);
      } else {
        move(lent, index, receiver);
      }
    });
  }

  private void move(NodeChannel lent, int index, ResponseReceiver receiver) {
    LoopChannels to = loops.get(index);
    Channel channel = lent.channel();
    lent.owner(to);
    var _ = channel.deregister().addListener(left -> to.loop().register(channel).addListener(
        joined -> run(to, () -> {
          if (joined.isSuccess() && channel.isActive()) {
            lent.lend(receiver);
          } else {
            var _ = channel.close();
            connect(index, receiver);
          }
        })));
  }

  private void connect(int index, ResponseReceiver receiver) {
    LoopChannels own = loops.get(index);
    open.incrementAndGet();
    connector.apply(index).subscribe(connection -> run(own, () -> opened(connection.channel(), own, receiver)),
        failure -> {
          open.decrementAndGet();
          run(own, () -> receiver.notConnected(failure));
        });
  }

  private void opened(Channel channel, LoopChannels own, ResponseReceiver receiver) {
    var _ = channel.closeFuture().addListener(closed -> open.decrementAndGet());
    NodeChannel handler = new NodeChannel(channel, own);
    // It would take the bytes of the codec for its own.
    if (channel.pipeline().get(NettyPipeline.ReactiveBridge) != null) {
      channel.pipeline().remove(NettyPipeline.ReactiveBridge);
    }
    channel.pipeline()
        .addLast(NettyPipeline.HttpCodec,
            new HttpClientCodec(
                new HttpDecoderConfig().setMaxHeaderSize(MAX_HEAD_BYTES).setMaxChunkSize(MAX_PART_BYTES),
                false, false))
        .addLast(HANDLER, handler);
    channel.config().setAutoRead(true);
    handler.lend(receiver);
  }

  private static void run(LoopChannels on, Runnable task) {
    // If the loop has ended, the gateway stops, and with it all that waits.
    var _ = EventLoopTask.run(on.loop(), task);
  }

  /** Closes the idle connections, and those in use after their answers. */
  @Override
  public void close() {
    loops.forEach(own -> run(own, own::close));
  }
}
