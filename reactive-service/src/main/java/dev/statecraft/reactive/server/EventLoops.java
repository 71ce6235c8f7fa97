package dev.statecraft.reactive.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * The event loops: each a thread that accepts connections, reads, answers and calls other services for all the
 * connections that it has accepted. One loop is the textbook's single process that multiplexes many connections.
 */
final class EventLoops implements LoopResources {
  private final LoopResources loops;
  private final boolean loopServesWhatItAccepts;

  /**
   * Makes loops; their threads start when they are first used.
   *
   * @param loopServesWhatItAccepts whether a connection stays on the loop that accepted it, which wants a listening
   * socket for each loop; else they go to the loops in turn
   */
  EventLoops(int count, boolean loopServesWhatItAccepts) {
    this.loops = LoopResources.create("event-loop", -1, count, true, true);
    this.loopServesWhatItAccepts = loopServesWhatItAccepts;
  }

  @Override
  public EventLoopGroup onServerSelect(boolean useNative) {
    return loops.onServerSelect(useNative);
  }

  @Override
  public EventLoopGroup onServer(boolean useNative) {
    return loopServesWhatItAccepts ? onClient(useNative) : loops.onServer(useNative);
  }

  /** The loop that asks, where one does, so that a call to another service is never handed to another thread. */
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
  public Mono<Void> disposeLater(Duration quietPeriod, Duration timeOut) {
    return loops.disposeLater(quietPeriod, timeOut);
  }
}
