package dev.statecraft.gateway.client;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A block of IPv4 or IPv6 addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}. A single address is a block
 * too. An IPv4-mapped IPv6 address counts as its IPv4 address. Immutable.
 *
 * @param prefixLength number of leading bits that all addresses of the block share
 */
public record AddressBlock(int prefixLength, IpSubnetFilterRule rule) {
  /**
   * Parses a block.
   *
   * @throws IllegalArgumentException if the text is not a block, or has bits set after its prefix
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network = address(slash < 0 ? text : text.substring(0, slash));
    if (network == null) {
      throw new IllegalArgumentException('"' + text + "\" is not a block of addresses such as 10.0.0.0/8");
    }
    int bits = network.getAddress().length * Byte.SIZE;
    int prefixLength = slash < 0 ? bits : prefixLength(text.substring(slash + 1));
    if (prefixLength < 0 || prefixLength > bits) {
      throw new IllegalArgumentException('"' + text + "\" must have a prefix length from 0 to " + bits);
    }
    BigInteger value = new BigInteger(1, network.getAddress());
    if (value.signum() != 0 && value.getLowestSetBit() < bits - prefixLength) {
      throw new IllegalArgumentException('"' + text + "\" has bits set after its prefix");
    }
    return new AddressBlock(prefixLength, new IpSubnetFilterRule(network, prefixLength, IpFilterRuleType.ACCEPT));
  }

  /** Tells whether the text is an IPv4 or IPv6 address. */
  static boolean isAddress(String text) {
    return address(text) != null;
  }

  /** Tells whether the block contains the address. False if the text is not an address. */
  public boolean contains(String address) {
    InetAddress parsed = address(address);
    return parsed != null && rule.matches(new InetSocketAddress(parsed, 0));
  }

  private static int prefixLength(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static @Nullable InetAddress address(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("neither 4 nor 16 bytes", e);
    }
  }
}
