package dev.statecraft.reactive.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * The event loops. Each is one thread that accepts connections and does all I/O for them, calls to other services
 * included. One loop is the textbook's single process that multiplexes many connections.
 */
final class EventLoopResources implements LoopResources {
  private final LoopResources loops;
  private final boolean connectionStaysOnAcceptor;

  /**
   * Makes loops; their threads start at first use.
   *
   * @param connectionStaysOnAcceptor whether a connection stays on the loop that accepted it, which needs a listening
   * socket for each loop; otherwise connections are assigned to loops round robin
   */
  EventLoopResources(int count, boolean connectionStaysOnAcceptor) {
    this.loops = LoopResources.create("event-loop", -1, count, true, true);
    this.connectionStaysOnAcceptor = connectionStaysOnAcceptor;
  }

  @Override
  public EventLoopGroup onServerSelect(boolean useNative) {
    return loops.onServerSelect(useNative);
  }

  @Override
  public EventLoopGroup onServer(boolean useNative) {
    return connectionStaysOnAcceptor ? onClient(useNative) : loops.onServer(useNative);
  }

  /** Returns the loop of the caller, if there is one, so that a call to another service stays on its thread. */
  @Override
  public EventLoopGroup onClient(boolean useNative) {
    return loops.onClient(useNative);
  }

  @Override
  public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
    return loops.onChannel(type, group);
  }

  @Override
  public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
    return loops.onChannelClass(type, group);
  }

  @Override
  public boolean daemon() {
    return true;
  }

  @Override
  public boolean isDisposed() {
    return loops.isDisposed();
  }

  @Override
  public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
    return loops.disposeLater(quietPeriod, timeout);
  }
}
