package dev.statecraft.gateway.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * All addresses of a DNS name; a headless Service has one for each ready pod. The resolver caches nothing, so neither
 * the JVM's cache nor that of the connection pool delays a change. The name is resolved again when the answer's time to
 * live ends, or after {@code refresh} if that is earlier. IPv6 addresses are used only if a name server answered that
 * there is no IPv4 address.
 *
 * <p>A node is named by its address, so a pod with a new address is a new node. An empty answer or none leaves the
 * nodes unchanged: probes find dead nodes, and a failure of the name server must not empty a pool.
 */
public final class DnsMembers implements ServiceInstanceListSupplier, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DnsMembers.class);
  private static final Duration MIN_PAUSE = Duration.ofMillis(200);
  private static final long QUERY_TIMEOUT_MILLIS = 2_000;

  /**
   * A query and the name servers for it.
   *
   * @param name the DNS name
   * @param port port of each node
   * @param scheme http or https
   * @param servers name servers; if empty, those of the system
   * @param refresh maximum time from an answer to the next query
   */
  public record Query(String name, int port, String scheme, List<InetSocketAddress> servers, Duration refresh) {}

  private record Answer(List<ServiceInstance> members, Duration timeToLive) {}

  private final String serviceId;
  private final Query query;
  private final DnsNameResolver resolver;
  private Duration pause;

  public DnsMembers(String serviceId, Query query, LoopResources loops) {
    this.serviceId = serviceId;
    this.query = query;
    this.pause = query.refresh();
    EventLoopGroup group = loops.onClient(true);
    EventLoop loop = group.next();
    DnsServerAddressStreamProvider servers = query.servers().isEmpty()
        ? DnsServerAddressStreamProviders.platformDefault()
        : new SequentialDnsServerAddressStreamProvider(query.servers());
    this.resolver = new DnsNameResolverBuilder(loop)
        .datagramChannelType(loops.onChannelClass(io.netty.channel.socket.DatagramChannel.class, group))
        // An answer that is truncated over UDP is queried again over TCP.
        .socketChannelType(loops.onChannelClass(io.netty.channel.socket.SocketChannel.class, group))
        .nameServerProvider(servers).resolveCache(NoopDnsCache.INSTANCE).cnameCache(NoopDnsCnameCache.INSTANCE)
        .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE).queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
        .build();
  }

  @Override
  public String getServiceId() {
    return serviceId;
  }

  @Override
  public Flux<List<ServiceInstance>> get() {
    return resolve(DnsRecordType.A).switchIfEmpty(resolve(DnsRecordType.AAAA)).map(answer -> {
      pause = shorter(answer.timeToLive(), query.refresh());
      return answer.members();
    }).onErrorResume(error -> {
      pause = query.refresh();
      log.debug("Route {}: nodes unchanged, because {} cannot be resolved: {}", serviceId, query.name(),
          error.toString());
      return Mono.empty();
    }).repeatWhen(done -> done.concatMap(count -> Mono.delay(pause))).distinctUntilChanged();
  }

  @Override
  public void close() {
    resolver.close();
  }

  private Mono<Answer> resolve(DnsRecordType type) {
    return Mono.<List<DnsRecord>>create(sink -> {
      Future<List<DnsRecord>> answer = resolver.resolveAll(new DefaultDnsQuestion(query.name(), type));
      answer.addListener((Future<List<DnsRecord>> done) -> {
        if (done.isSuccess()) {
          sink.success(done.getNow());
        } else if (type.equals(DnsRecordType.A) && isAnswered(done.cause())) {
          // No such name, or no IPv4 address: there may be an IPv6 address.
          sink.success();
        } else {
          sink.error(done.cause());
        }
      });
    }).mapNotNull(records -> {
      try {
        return answer(records, type);
      } finally {
        records.forEach(ReferenceCountUtil::release);
      }
    });
  }

  /** Tells whether a name server answered that there is no such record, as opposed to no answer or an error. */
  private static boolean isAnswered(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof UnknownHostException && (cause == null
        || (cause instanceof DnsErrorCauseException error && error.getCode().equals(DnsResponseCode.NXDOMAIN)));
  }

  private @Nullable Answer answer(List<DnsRecord> records, DnsRecordType type) {
    TreeSet<String> addresses = new TreeSet<>();
    long seconds = Long.MAX_VALUE;
    for (DnsRecord record : records) {
      if (record instanceof DnsRawRecord raw && raw.type().equals(type)) {
        addresses.add(address(raw.content()));
        seconds = Math.min(seconds, raw.timeToLive());
      }
    }
    if (addresses.isEmpty()) {
      return null;
    }
    List<ServiceInstance> members = new ArrayList<>();
    for (String address : addresses) {
      String host = address.indexOf(':') < 0 ? address : '[' + address + ']';
      members
          .add(Member.of(serviceId, address, URI.create(query.scheme() + "://" + host + ':' + query.port()), Map.of()));
    }
    return new Answer(List.copyOf(members), Duration.ofSeconds(seconds));
  }

  private static String address(ByteBuf content) {
    try {
      return InetAddress.getByAddress(ByteBufUtil.getBytes(content)).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address record has " + content.readableBytes() + " bytes", e);
    }
  }

  private static Duration shorter(Duration timeToLive, Duration refresh) {
    Duration shorter = timeToLive.compareTo(refresh) < 0 ? timeToLive : refresh;
    return shorter.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : shorter;
  }
}
