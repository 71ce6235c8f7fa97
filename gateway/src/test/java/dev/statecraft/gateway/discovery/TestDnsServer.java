package dev.statecraft.gateway.discovery;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server over UDP that returns the same addresses for any name. */
public final class TestDnsServer implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger queries = new AtomicInteger();
  private final Channel channel;
  private volatile List<String> addresses = List.of();
  private volatile int timeToLive = 1;
  private volatile boolean silent;
  private volatile boolean ipv4Lost;

  public TestDnsServer() {
    channel = new Bootstrap().group(loop).channel(NioDatagramChannel.class)
        .handler(new ChannelInitializer<NioDatagramChannel>() {
          @Override
          protected void initChannel(NioDatagramChannel opened) {
            opened.pipeline().addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(),
                new QueryHandler());
          }
        }).bind("127.0.0.1", 0).syncUninterruptibly().channel();
  }

  public TestDnsServer answering(int seconds, String... known) {
    timeToLive = seconds;
    addresses = List.of(known);
    return this;
  }

  /** Leaves queries without an answer. */
  public void silent(boolean now) {
    silent = now;
  }

  /** Leaves queries for IPv4 addresses without an answer. */
  void ipv4Lost(boolean now) {
    ipv4Lost = now;
  }

  public int queries() {
    return queries.get();
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    loop.shutdownGracefully().awaitUninterruptibly(1_000);
  }

  private final class QueryHandler extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
      queries.incrementAndGet();
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      if (silent || (ipv4Lost && question.type().equals(DnsRecordType.A))) {
        return;
      }
      InetSocketAddress sender = query.recipient();
      InetSocketAddress recipient = query.sender();
      DatagramDnsResponse response = new DatagramDnsResponse(sender, recipient, query.id());
      response.addRecord(DnsSection.QUESTION, question);
      for (String address : addresses) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        DnsRecordType type = bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
        if (question.type().equals(type)) {
          DnsRecord answer = new DefaultDnsRawRecord(question.name(), type, timeToLive, Unpooled.wrappedBuffer(bytes));
          response.addRecord(DnsSection.ANSWER, answer);
        }
      }
      response.setCode(addresses.isEmpty() ? DnsResponseCode.NXDOMAIN : DnsResponseCode.NOERROR);
      var _ = context.writeAndFlush(response);
    }
  }
}
