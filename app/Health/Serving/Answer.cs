using System.Collections.Immutable;

namespace Candor.Health.Serving;

/// <summary>A rendered answer to a probe.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The JSON in UTF-8.</param>
internal sealed record Answer(int Status, ImmutableArray<byte> Body);
