import Foundation

/// Decides which requests are answered at all.
///
/// Other pages that are open in the same browser can send requests to this machine, and a name of theirs can be made to
/// point to it. What they cannot do is to leave out or to choose the headers `Host` and `Origin`.
struct Gatekeeper: Sendable {
  /// The largest body of a request: a review or a drawn digit.
  static let bodyLimit = 1 << 16

  /// Where photographs are sent to.
  static let photographPaths: Set = ["/try/gradcam", "/dream"]

  /// The address that the server listens on.
  let address: String

  /// Whether only this machine can reach the server.
  var isLocal: Bool { Self.isLoopback(address) }

  static func isLoopback(_ address: String) -> Bool {
    address == "::1" || address.wholeMatch(of: /127\.\d{1,3}\.\d{1,3}\.\d{1,3}/) != nil
  }

  /// Why a request is refused; nil if it is not.
  ///
  /// - Parameters:
  ///   - method: `GET` or `POST`.
  ///   - path: what is asked for.
  ///   - host: the header of that name, and so with the others.
  ///   - bodyLength: the length of the body; nil if the request does not say.
  ///   - peer: who asks.
  func refusal(
    method: String, path: String, host: String?, origin: String?, site: String?,
    contentType: String?,
    bodyLength: Int?, peer: String?
  ) -> Refusal? {
    guard let host, isOurs(host.lowercased()) else {
      return Refusal(
        403, "This server answers to the address it was started with, not to another name.")
    }
    if let origin, origin.lowercased() != "http://" + host.lowercased() {
      return Refusal(403, "This server does not answer to other pages.")
    }
    guard let bodyLength else {
      return Refusal(411, "A request has to say how long it is.")
    }
    let isPhotograph = method == "POST" && Self.photographPaths.contains(path)
    let limit = isPhotograph ? SentPhotograph.byteLimit : Self.bodyLimit
    if bodyLength > limit {
      return Refusal(
        413,
        isPhotograph
          ? "A photograph may have \(limit >> 20) MB; this one is too large: scale it down first."
          : "A request may have \(limit) bytes; this one is too long.")
    }
    switch method {
    case "GET": return nil
    case "POST":
      if let site, site != "same-origin" {
        return Refusal(403, "This server does not answer to other pages.")
      }
      let type = contentType?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces)
      // What a form of another page cannot send.
      guard
        type?.lowercased() == (isPhotograph ? "application/octet-stream" : "application/json")
      else {
        return Refusal(
          415, isPhotograph ? "A photograph is sent as it lies in its file." : "Requests are JSON.")
      }
      return nil
    default: return Refusal(405, "This server knows GET and POST.")
    }
  }

  /// Whether somebody may start and stop programs: only who sits at this machine.
  func mayRun(_ peer: String?) -> Bool {
    // An IPv4 address may come in IPv6's form.
    peer.map { Self.isLoopback($0.replacing("::ffff:", with: "")) } ?? false
  }

  private func isOurs(_ host: String) -> Bool {
    let name: Substring
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      name = host[host.index(after: host.startIndex)..<end]
    } else {
      name = host.prefix { $0 != ":" }
    }
    if ["localhost", "127.0.0.1", "::1", Substring(address)].contains(name) { return true }
    // No other page can be made to come from an address; it would be a name.
    return !isLocal && (Self.isAddress(String(name)) || name == Self.machineName)
  }

  private static func isAddress(_ text: String) -> Bool {
    var (four, six) = (in_addr(), in6_addr())
    return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
  }

  private static let machineName = ProcessInfo.processInfo.hostName.lowercased()[...]
}
