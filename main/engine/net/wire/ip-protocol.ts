/** Numbers of the protocols that IP carries: RFC 5237, and the registry that it names. */

/** The protocol field of IPv4 and the last next header of IPv6: RFC 791, section 3.1. */
export const ipProtocol = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
