import Access
import Foundation
import Testing

@Suite struct Base64URLTests {
  /// RFC 4648, section 10, without the padding.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
    ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
  ])
  func `the vectors of the RFC`(plain: String, encoded: String) {
    #expect(Base64URL.encode(plain.utf8) == encoded)
    #expect(Base64URL.decode(encoded) == Array(plain.utf8))
  }

  /// RFC 7515, appendix C.
  @Test func `the alphabet of addresses`() {
    #expect(Base64URL.encode([3, 236, 255, 224, 193]) == "A-z_4ME")
    #expect(Base64URL.decode("A-z_4ME") == [3, 236, 255, 224, 193])
  }

  @Test func `bytes come back`() {
    var random = SystemRandomNumberGenerator()
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = Base64URL.encode(bytes)
      #expect(Base64URL.decode(text) == bytes)
      let standard = Data(bytes).base64EncodedString().replacing("=", with: "")
      #expect(text == standard.replacing("+", with: "-").replacing("/", with: "_"))
    }
  }

  @Test(arguments: [
    "Zg==", "Zg=", "=", "Zm8=", "Zm9v=", "Zm9v====",  // padding
    "Zh", "Zm9", "Z_", "Zm9vYh", "AB", "AAB", "_z", "___",  // bits left over
    "A", "Zm9vY", "AAAAA",  // a character left over
    "A+z/4ME", "+A", "/A",  // the other alphabet
    " Zg", "Zg ", "Z g", "Zg\n", "\r\nZg", "Zg\t", "Zg\u{0}", "\u{FEFF}Zg",
    "Zg.", "Zm9v,Zm9v", "Zg%3D", "Ž", "Zg\u{301}", "Z\u{212A}", "Ｚｇ", "😀",
  ])
  func `any other text is refused`(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  /// Of all texts of one to three characters, exactly those that encoding makes are read.
  @Test func `one byte string has one text`() {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let pairs = alphabet.flatMap { first in alphabet.map { "\(first)\($0)" } }
    let triples = pairs.prefix(64 * 8).flatMap { pair in alphabet.map { "\(pair)\($0)" } }
    let good = (pairs + triples).filter { text in
      guard let bytes = Base64URL.decode(text) else { return false }
      #expect(Base64URL.encode(bytes) == text)
      return true
    }
    #expect(good.count == 256 + 64 * 8 * 16)
  }
}
