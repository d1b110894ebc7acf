using System.Globalization;

namespace Candor.Orders.Storage;

/// <summary>Every database connection was in use for longer than a caller may wait. Says nothing about the database itself.</summary>
public sealed class PoolSaturatedException(int connections, TimeSpan waited) : Exception(string.Create(
    CultureInfo.InvariantCulture, $"All {connections} database connections were in use for {waited.TotalMilliseconds:0} ms."));
