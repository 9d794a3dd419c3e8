// Package bottest is for testing what speaks through package bot.
//
//   - [Fake] is a chat service in memory: rooms, messages, whispers, forms and home views
//     that stay and can be read back. It is also a [bot.Platform].
//   - [TestPlatform] is what every platform package must pass, against its own service's fake.
//   - [Cards], [Forms], [AnyCard] and [AnyForm] are what a platform must be able to show.
//   - [Play] plays conversation files against the whole bot and compares what was said.
//   - [Golden] compares with a file, and -update rewrites it.
//   - [Socket] is a service's end of a WebSocket, for fakes.
package bottest
